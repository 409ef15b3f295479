package io.millrace.producer.dataset;

import io.millrace.producer.files.InputFile;
import io.millrace.producer.files.LineException;
import io.millrace.producer.files.LineReader;
import io.millrace.producer.files.RawObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A look at a file's first row. Thread-safe. */
final class FirstRow {

    private FirstRow() {}

    /**
     * Whether the lines are tasks as they are. A file whose first line is broken counts as that too, since the check of
     * lines says best what is wrong.
     */
    static boolean isTask(DataFile file) throws IOException {
        try (LineReader lines = InputFile.converted(file.name(), file.path()).open()) {
            while (lines.advance()) {
                if (!lines.blank()) {
                    return isTask(lines);
                }
            }
        }
        return true;
    }

    private static boolean isTask(LineReader lines) {
        String text = new String(lines.bytes(), lines.start(), lines.length(), StandardCharsets.UTF_8);
        if (lines.tooLong() || !text.stripLeading().startsWith("{")) {
            return true;
        }
        RawObject row = new RawObject();
        try {
            row.read(lines.bytes(), lines.start(), lines.length());
        } catch (LineException e) {
            return true; // told, with its place, by the check
        }
        boolean tree = row.has("message_tree_id") && row.has("prompt");
        boolean task = row.has("prompt") || row.has("messages") || row.has("body");
        return !tree && (task || !(row.has("conversations") || row.has("instruction")));
    }
}
