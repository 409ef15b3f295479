package io.millrace.producer.megatron;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.producer.pretokenize.ChatTokens;
import io.millrace.producer.pretokenize.Dialogue;
import io.millrace.producer.pretokenize.Sequence;
import io.millrace.producer.pretokenize.SequenceSink;
import io.millrace.producer.pretokenize.SplitStats;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The files of one split: {@code <stem>-text} and {@code <stem>-role} with .bin and .idx, {@code <stem>_stats.txt}, and
 * where wanted {@code <stem>.jsonl} with the chats as text.
 *
 * <p>Confined to the thread that writes.
 */
public final class SplitFiles implements SequenceSink, Closeable {
    /** As in the original; only that it makes two bytes a role matters. */
    private static final int ROLE_VOCABULARY = 16;

    private final Path stem;
    private final IndexedDatasetWriter text;
    private final IndexedDatasetWriter role;
    private final Optional<Writer> lines;

    /** @param stem the path up to and with the split's name */
    public SplitFiles(Path stem, int vocabularySize, boolean writeJson) throws IOException {
        this.stem = stem;
        this.text = new IndexedDatasetWriter(sibling("-text"), vocabularySize);
        this.role = new IndexedDatasetWriter(sibling("-role"), ROLE_VOCABULARY);
        this.lines = writeJson
                ? Optional.of(Files.newBufferedWriter(
                        IndexedDatasetWriter.partial(sibling(".jsonl")), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /**
     * Writes special_tokens.json: names to ids.
     *
     * @return the file
     */
    public static Path writeSpecialTokens(Path folder, Map<String, Integer> ids) throws IOException {
        StringJoiner json = new StringJoiner(",\n  ", "{\n  ", "\n}\n");
        ids.forEach((name, id) -> json.add(quoted(name) + ": " + id));
        return Files.writeString(folder.resolve("special_tokens.json"), json.toString());
    }

    private Path sibling(String suffix) {
        return stem.resolveSibling(stem.getFileName() + suffix);
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    @Override
    public void add(Dialogue dialogue, Sequence sequence) throws IOException {
        text.add(sequence.ids());
        role.add(sequence.roles());
        if (lines.isPresent()) {
            lines.get().write("{\"text\":" + quoted(ChatTokens.text(dialogue)) + "}\n");
        }
    }

    /**
     * Gives all files their names.
     *
     * @return the files
     */
    public List<Path> finish(SplitStats stats) throws IOException {
        List<Path> files = new ArrayList<>();
        files.addAll(text.finish());
        files.addAll(role.finish());
        if (lines.isPresent()) {
            lines.get().close();
            IndexedDatasetWriter.publish(sibling(".jsonl"));
            files.add(sibling(".jsonl"));
        }
        files.add(Files.writeString(sibling("_stats.txt"), stats.toString()));
        return files;
    }

    @Override
    public void close() throws IOException {
        text.close();
        role.close();
        if (lines.isPresent()) {
            lines.get().close();
        }
    }
}
