package io.millrace.producer.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.producer.files.BadLine;
import io.millrace.producer.files.BadLines;
import io.millrace.producer.files.InputException;
import io.millrace.producer.files.InputFile;
import io.millrace.producer.files.LineException;
import io.millrace.producer.files.LineReader;
import io.millrace.producer.files.Place;
import io.millrace.producer.files.RawObject;
import io.millrace.producer.files.SnapshotPlace;
import io.millrace.producer.files.StrictUtf8;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Rows into the lines of a snapshot, one at a time. A row without a name of its own is named {@code row-<n>}, and of a
 * single file of lines {@code line-<n>}; n counts over all files.
 *
 * <p>Confined to the thread that makes the snapshot.
 */
final class SnapshotWriter implements Closeable {
    private static final int SHOWN_BAD_ROWS = 20;

    private final OutputStream out;
    private final RowShape shape;
    private final BadLines badLines;
    private final OptionalLong limit;
    private final boolean numberedLines;
    private final StrictUtf8 utf8 = new StrictUtf8();
    private final RawObject row = new RawObject();
    private final List<BadLine> firstBad = new ArrayList<>();
    private long rowsBefore;
    private long tasks;
    private long bad;

    /** @param limit stop after so many tasks */
    SnapshotWriter(OutputStream out, RowShape shape, BadLines badLines, OptionalLong limit, boolean numberedLines) {
        this.out = out;
        this.shape = shape;
        this.badLines = badLines;
        this.limit = limit;
        this.numberedLines = numberedLines;
    }

    /**
     * Adds all rows of a file.
     *
     * @param source the index of the file's name in the snapshot
     * @param table whether the lines were made from a table's rows
     */
    void add(InputFile file, int source, boolean table) throws IOException {
        try (LineReader lines = file.open()) {
            while (!full() && lines.advance()) {
                if (!lines.blank()) {
                    add(lines, new Place(file.name(), table, lines.number()), source);
                }
            }
            rowsBefore += lines.number();
        }
    }

    private boolean full() {
        return limit.isPresent() && tasks >= limit.getAsLong();
    }

    private void add(LineReader lines, Place place, int source) throws IOException {
        try {
            String implied = (numberedLines ? "line-" : "row-") + (rowsBefore + lines.number());
            List<RowTask> found = tasks(lines, place.row());
            for (int i = 0; i < found.size() && !full(); i++) {
                write(found.get(i), SnapshotPlace.start(source, place.row(), place.number()), implied);
                tasks++;
            }
        } catch (JsonProcessingException e) {
            bad(new BadLine(place, "", RawObject.notJson(e).getMessage()));
        } catch (LineException e) {
            bad(new BadLine(place, e.field(), e.getMessage()));
        }
    }

    private List<RowTask> tasks(LineReader lines, boolean table) throws LineException, IOException {
        if (lines.tooLong()) {
            throw tooLong();
        }
        utf8.check(lines.bytes(), lines.start(), lines.length());
        int first = lines.start();
        while (Character.isWhitespace(lines.bytes()[first])) {
            first++;
        }
        if (lines.bytes()[first] == '"') {
            String text =
                    new String(lines.bytes(), first, lines.start() + lines.length() - first, StandardCharsets.UTF_8);
            return List.of(new RowTask(Optional.empty(), "prompt", JsonText.oneLine(text, ""), ""));
        }
        if (lines.bytes()[first] != '{') {
            throw new LineException("", "must be a JSON object or string; write one row a line");
        }
        if (table) {
            byte[] finite = JsonText.finite(lines.bytes(), lines.start(), lines.length())
                    .getBytes(StandardCharsets.UTF_8);
            row.read(finite, 0, finite.length);
        } else {
            row.read(lines.bytes(), lines.start(), lines.length());
        }
        return shape.tasks(row);
    }

    private static LineException tooLong() {
        return new LineException(
                "", "is longer than " + LineReader.MAX_LINE_BYTES + " bytes, the most for one job; shorten it");
    }

    private void write(RowTask task, String start, String implied) throws IOException, LineException {
        StringBuilder line = new StringBuilder(start)
                .append(",\"custom_id\":")
                .append(JsonText.of(task.id().orElse(implied)))
                .append(",\"")
                .append(task.field())
                .append("\":")
                .append(task.value());
        if (!task.metadata().isEmpty()) {
            line.append(",\"metadata\":{").append(task.metadata()).append('}');
        }
        byte[] bytes = line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LineReader.MAX_LINE_BYTES) {
            throw tooLong();
        }
        out.write(bytes);
    }

    private void bad(BadLine line) {
        bad++;
        if (badLines.skipped()) {
            badLines.report().accept(line);
        } else if (firstBad.size() < SHOWN_BAD_ROWS) {
            firstBad.add(line);
        }
    }

    long tasks() {
        return tasks;
    }

    /** @throws InputException when rows were bad and are not to be skipped */
    void requireGood() {
        if (bad > 0 && !badLines.skipped()) {
            throw InputException.of(firstBad, bad);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
