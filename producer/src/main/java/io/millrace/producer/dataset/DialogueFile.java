package io.millrace.producer.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.producer.files.BadLine;
import io.millrace.producer.files.InputException;
import io.millrace.producer.files.InputFile;
import io.millrace.producer.files.LineException;
import io.millrace.producer.files.LineReader;
import io.millrace.producer.files.Place;
import io.millrace.producer.files.RawObject;
import io.millrace.producer.files.StrictUtf8;
import io.millrace.producer.pretokenize.DatasetSettings;
import io.millrace.producer.pretokenize.Dialogue;
import io.millrace.producer.pretokenize.DialogueSource;
import io.millrace.producer.pretokenize.Role;
import io.millrace.producer.pretokenize.Turn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The dialogues of files, globs or dataset folders, with their answers. Tables and JSON arrays are made into lines on disk
 * once.
 *
 * <p>Confined to the thread that reads.
 */
public final class DialogueFile implements DialogueSource {
    private static final int SHOWN_BAD_ROWS = 20;

    private final DatasetSettings settings;
    private final List<Lines> files;
    private final StrictUtf8 utf8 = new StrictUtf8();
    private final RawObject row = new RawObject();

    private record Lines(InputFile file, boolean table) {}

    private DialogueFile(DatasetSettings settings, List<Lines> files) {
        this.settings = settings;
        this.files = files;
    }

    /**
     * Opens a dataset.
     *
     * @param input a file, a glob or a folder
     * @param workDir for lines made of tables and arrays; they go with the process
     */
    public static DialogueFile open(DatasetSettings settings, String input, Path workDir) throws IOException {
        List<Lines> files = new ArrayList<>();
        for (DataFile file : DataFiles.of(List.of(input), Optional.empty(), InputStream.nullInputStream(), workDir)) {
            boolean made = file.kind() != DataFile.Kind.LINES;
            Path lines = made ? lines(file, workDir) : file.path();
            files.add(new Lines(InputFile.converted(file.name(), lines), made));
        }
        return new DialogueFile(settings, files);
    }

    private static Path lines(DataFile file, Path workDir) throws IOException {
        Files.createDirectories(workDir);
        Path lines = Files.createTempFile(workDir, "rows-", ".jsonl");
        lines.toFile().deleteOnExit();
        if (file.table()) {
            try (Tables tables = new Tables(workDir)) {
                tables.copy(file, OptionalLong.empty(), lines);
            }
        } else {
            ArrayLines.copy(file, lines);
        }
        return lines;
    }

    @Override
    public void read(Groups groups) throws IOException {
        List<BadLine> firstBad = new ArrayList<>();
        long bad = 0;
        boolean more = true;
        for (Lines lines : files) {
            try (LineReader reader = lines.file().open()) {
                while (more && reader.advance()) {
                    if (reader.blank()) {
                        continue;
                    }
                    try {
                        List<Dialogue> group = dialogues(reader);
                        more = group.isEmpty() || groups.take(group);
                    } catch (LineException e) {
                        bad++;
                        if (firstBad.size() < SHOWN_BAD_ROWS) {
                            Place place = new Place(lines.file().name(), lines.table(), reader.number());
                            firstBad.add(new BadLine(place, e.field(), e.getMessage()));
                        }
                    }
                }
            }
        }
        if (bad > 0) {
            throw InputException.of(firstBad, bad, "mend them, or take them out");
        }
    }

    private List<Dialogue> dialogues(LineReader reader) throws LineException, IOException {
        if (reader.tooLong()) {
            throw new LineException("", "is longer than " + LineReader.MAX_LINE_BYTES + " bytes, the most for one row");
        }
        utf8.check(reader.bytes(), reader.start(), reader.length());
        try {
            if (settings.name().equals(DatasetSettings.OASST)) {
                row.read(reader.bytes(), reader.start(), reader.length());
                return threads(OasstTree.read(row));
            }
            return List.of(ChatRow.read(reader.bytes(), reader.start(), reader.length()));
        } catch (JsonProcessingException e) {
            throw RawObject.notJson(e);
        }
    }

    /** All threads of a tree; trees that a run has made need no review. */
    private List<Dialogue> threads(OasstTree tree) throws LineException {
        String languages = settings.languages();
        if (tree.generated() ? !tree.in(languages) : !tree.exported(languages)) {
            return List.of();
        }
        List<Dialogue> dialogues = new ArrayList<>();
        for (List<JsonNode> thread : new ThreadFilter(settings.topK(), tree.generated()).threads(tree.root())) {
            ThreadFilter.requireAlternating(thread);
            List<Turn> turns = new ArrayList<>();
            for (int i = 0; i < thread.size() - thread.size() % 2; i++) {
                turns.add(new Turn(
                        i % 2 == 0 ? Role.USER : Role.ASSISTANT,
                        thread.get(i).path("text").asText()));
            }
            dialogues.add(new Dialogue(turns));
        }
        return dialogues;
    }
}
