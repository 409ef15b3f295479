package io.millrace.worker.llama;

import io.millrace.job.OutputFormat;
import io.millrace.worker.chat.Segment;
import io.millrace.worker.decode.EngineException;
import io.millrace.worker.decode.Tokenizer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Tokenises with llama.cpp so that text stays text. {@code parse_special=false} is not enough: llama.cpp matches
 * user-defined tokens even then, and the pieces of a SentencePiece vocabulary may merge into the name of a control token.
 * So a text that holds such a name is cut inside it and its parts are tokenised one by one; and the ids are looked at
 * before they are given out.
 *
 * <p>Thread-safe.
 */
final class LlamaTokenizer implements Tokenizer {
    private static final int KEPT_RUNS = 64;
    /** A longer run is cheap to keep only for its own prompt. */
    private static final int KEPT_RUN_CHARS = 1 << 16;
    /**
     * What may stand before the second and later parts of a cut text, so that the vocabulary's leading space falls before
     * it and not into the text: rare characters that no token goes on from, their ids are taken off again.
     */
    private static final List<String> GLUES = List.of("\u0001", "\n", "\uE000");

    private final Vocabulary vocabulary;
    private final Grammars grammars;
    private final boolean addsSpace;
    private final List<String> matchedWrappers;
    private final Map<String, Integer> markers = new ConcurrentHashMap<>();
    private final Map<String, int[]> runs = Collections.synchronizedMap(new RecentRuns());

    LlamaTokenizer(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.grammars = new Grammars(vocabulary.handle());
        this.matchedWrappers = vocabulary.matchedWrappers();
        int[] probe = vocabulary.tokenize("x", false);
        this.addsSpace = probe.length > 0
                && vocabulary.piece(probe[0]).length > 0
                && vocabulary.piece(probe[0])[0] == ' ';
    }

    @Override
    public int[] encode(List<Segment> prompt) {
        return prompt.stream().flatMapToInt(this::encode).toArray();
    }

    private IntStream encode(Segment segment) {
        if (segment instanceof Segment.Marker marker) {
            return IntStream.of(markers.computeIfAbsent(marker.text(), this::find));
        }
        Segment.Run run = (Segment.Run) segment;
        if (!run.repeats() || run.text().length() > KEPT_RUN_CHARS) {
            return Arrays.stream(encodeRun(run.text()));
        }
        int[] known = runs.get(run.text());
        if (known == null) {
            known = encodeRun(run.text());
            runs.put(run.text(), known);
        }
        return Arrays.stream(known);
    }

    private int find(String marker) {
        int[] ids = vocabulary.tokenize(marker, true);
        if (ids.length != 1 || vocabulary.role(ids[0]) == Vocabulary.Role.TEXT) {
            throw new EngineException("the model's vocabulary has no token " + marker
                    + ", which the chat template needs; this template is not the model's");
        }
        return ids[0];
    }

    private int[] encodeRun(String text) {
        Set<String> names = new LinkedHashSet<>();
        for (String wrapper : matchedWrappers) {
            if (text.contains(wrapper)) {
                names.add(wrapper);
            }
        }
        while (true) {
            int[] ids = tokenize(text, names);
            int found = firstForbidden(ids, text, names);
            if (found < 0) {
                return ids;
            }
            String name = vocabulary.name(ids[found]);
            if (!text.contains(name) || !names.add(name)) {
                throw new EngineException("a text of " + text.length() + " characters gives the token " + name + " (id "
                        + ids[found] + "), which text must not give");
            }
        }
    }

    private int firstForbidden(int[] ids, String text, Set<String> names) {
        for (int i = 0; i < ids.length; i++) {
            Vocabulary.Role role = vocabulary.role(ids[i]);
            if (role == Vocabulary.Role.WRAPPER || role == Vocabulary.Role.MATCHED_WRAPPER) {
                return i;
            }
            if (role == Vocabulary.Role.UNKNOWN) {
                String name = vocabulary.name(ids[i]);
                if (text.contains(name) && !names.contains(name)) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** Cuts the text after the first character of each occurrence of these names and tokenises its parts. */
    private int[] tokenize(String text, Set<String> names) {
        if (names.isEmpty()) {
            return vocabulary.tokenize(text, false);
        }
        TreeSet<Integer> cuts = new TreeSet<>();
        for (String name : names) {
            for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
                cuts.add(text.offsetByCodePoints(at, 1));
            }
        }
        cuts.add(text.length());
        int[][] parts = new int[cuts.size()][];
        int from = 0;
        int part = 0;
        for (int cut : cuts) {
            String piece = text.substring(from, cut);
            parts[part++] = from == 0 || !addsSpace ? vocabulary.tokenize(piece, false) : tokenizeInside(piece);
            from = cut;
        }
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    /** The ids of a text that goes on from another: without the space that the vocabulary puts before a text. */
    private int[] tokenizeInside(String text) {
        for (String glue : GLUES) {
            int[] before = vocabulary.tokenize(glue, false);
            int[] whole = vocabulary.tokenize(glue + text, false);
            if (whole.length >= before.length && Arrays.equals(before, 0, before.length, whole, 0, before.length)) {
                return Arrays.copyOfRange(whole, before.length, whole.length);
            }
        }
        throw new EngineException(
                "the model's vocabulary cannot tokenise a text in parts; a prompt that spells out one of"
                        + " its special tokens cannot be run with this model");
    }

    @Override
    public void check(OutputFormat format) {
        if (!(format instanceof OutputFormat.Text)) {
            grammars.gbnf(format);
        }
    }

    Grammars grammars() {
        return grammars;
    }

    @Override
    public byte[] piece(int token) {
        return vocabulary.piece(token);
    }

    @Override
    public boolean endsTurn(int token) {
        return vocabulary.endsTurn(token);
    }

    @Override
    public int size() {
        return vocabulary.size();
    }

    private static final class RecentRuns extends LinkedHashMap<String, int[]> {
        private static final long serialVersionUID = 1L;

        RecentRuns() {
            super(KEPT_RUNS, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, int[]> eldest) {
            return size() > KEPT_RUNS;
        }
    }
}
