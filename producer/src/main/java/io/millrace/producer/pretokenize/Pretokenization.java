package io.millrace.producer.pretokenize;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Reads datasets twice: first to count and check them and to draw the splits, then to tokenise. Pieces of work are
 * tokenised side by side and written in their order, so that the output does not depend on the number of threads; only so
 * many pieces are ahead of the one to be written, so that memory does not depend on the size of the data.
 *
 * <p>Confined to its caller's thread, which reads and writes.
 */
public final class Pretokenization {
    private static final int PIECE_CHARS = 1 << 16;

    private final ChatTokens chats;
    private final OptionalLong minAssistantTokens;
    private final ExecutorService tokenizers;
    private final int ahead;
    private final SplitStats train = new SplitStats("train");
    private final SplitStats validation = new SplitStats("val");
    private final ArrayDeque<Future<List<Done>>> running = new ArrayDeque<>();
    private List<Chosen> piece = new ArrayList<>();
    private int pieceChars;
    private long written;

    private record Chosen(boolean train, SplitStats.Part part, Dialogue dialogue) {}

    private record Done(Chosen chosen, Sequence sequence) {}

    /** A dataset that was read once. */
    public record Planned(DialogueSource source, DatasetSettings settings, BitSet train, BitSet validation) {

        /** How many dialogues of it will be tokenised. */
        public long dialogues() {
            return (long) train.cardinality() + validation.cardinality();
        }
    }

    /** Where the sequences of the two splits go, and who wants to know how many dialogues are done. */
    public interface Output {
        SequenceSink train();

        SequenceSink validation();

        void done(long dialogues);
    }

    /**
     * Makes one ready to run.
     *
     * @param tokenizers its threads tokenise
     * @param ahead how many pieces of work may be read before the first of them is written
     */
    public Pretokenization(ChatTokens chats, OptionalLong minAssistantTokens, ExecutorService tokenizers, int ahead) {
        this.chats = chats;
        this.minAssistantTokens = minAssistantTokens;
        this.tokenizers = tokenizers;
        this.ahead = ahead;
    }

    /**
     * Reads a dataset for the first time and draws its splits.
     *
     * @param maxCount the most dialogues of each split
     */
    public static Planned plan(DialogueSource source, DatasetSettings settings, long seed, OptionalLong maxCount)
            throws IOException {
        IntList sizes = new IntList();
        source.read(group -> {
            sizes.add(group.size());
            return true;
        });
        SplitPlan plan = SplitPlan.of(settings, sizes.toArray(), seed);
        return new Planned(source, settings, first(plan.train(), maxCount), first(plan.validation(), maxCount));
    }

    private static BitSet first(BitSet all, OptionalLong most) {
        if (most.isEmpty() || all.cardinality() <= most.getAsLong()) {
            return all;
        }
        BitSet some = new BitSet();
        int at = all.nextSetBit(0);
        for (long i = 0; i < most.getAsLong(); i++) {
            some.set(at);
            at = all.nextSetBit(at + 1);
        }
        return some;
    }

    /** Tokenises datasets one behind the other. */
    public void run(List<Planned> datasets, Output output) throws IOException {
        for (Planned dataset : datasets) {
            read(dataset, output);
        }
        submit();
        while (!running.isEmpty()) {
            writeOne(output);
        }
    }

    /** Of the training split and of the validation split. */
    public List<SplitStats> stats() {
        return List.of(train, validation);
    }

    private void read(Planned dataset, Output output) throws IOException {
        int last = Math.max(dataset.train().length(), dataset.validation().length());
        SplitStats.Part trainPart = train.part(dataset.settings().name());
        SplitStats.Part validationPart = validation.part(dataset.settings().name());
        int[] next = {0};
        dataset.source().read(group -> {
            for (Dialogue dialogue : group) {
                int at = next[0]++;
                if (dataset.train().get(at)) {
                    add(new Chosen(true, trainPart, dialogue), output);
                } else if (dataset.validation().get(at)) {
                    add(new Chosen(false, validationPart, dialogue), output);
                }
            }
            return next[0] < last;
        });
    }

    private void add(Chosen chosen, Output output) throws IOException {
        piece.add(chosen);
        pieceChars += chosen.dialogue().chars();
        if (pieceChars >= PIECE_CHARS) {
            submit();
            while (running.size() >= ahead) {
                writeOne(output);
            }
        }
    }

    private void submit() {
        List<Chosen> work = piece;
        piece = new ArrayList<>();
        pieceChars = 0;
        running.add(tokenizers.submit(() -> work.stream()
                .map(chosen -> new Done(chosen, chats.encode(chosen.dialogue())))
                .toList()));
    }

    private void writeOne(Output output) throws IOException {
        for (Done done : await(running.remove())) {
            boolean training = done.chosen().train();
            SplitStats stats = training ? train : validation;
            if (done.sequence().assistantTokens() < minAssistantTokens.orElse(0)) {
                stats.skip(done.chosen().part(), done.sequence());
            } else {
                stats.accept(done.chosen().part(), done.sequence());
                (training ? output.train() : output.validation())
                        .add(done.chosen().dialogue(), done.sequence());
            }
            written++;
        }
        output.done(written);
    }

    private static List<Done> await(Future<List<Done>> piece) {
        try {
            return piece.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException("tokenising failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while tokenising", e);
        }
    }

    /** Grows as needed. Confined to its caller's thread. */
    private static final class IntList {
        private int[] values = new int[1024];
        private int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = value;
        }

        int[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
