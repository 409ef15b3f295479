package io.millrace.producer.report.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.producer.files.OutputException;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The result lines of a file, one at a time; a file that is not there has none.
 *
 * <p>Confined to the reporting thread.
 */
final class ResultLines implements Closeable {
    private final Path file;
    private final BufferedReader lines;
    private JsonNode node = MissingNode.getInstance();
    private long number;
    private long index;

    /** At the first line. */
    ResultLines(Path file) throws IOException {
        this.file = file;
        this.lines = Files.exists(file) ? Files.newBufferedReader(file) : new BufferedReader(Reader.nullReader());
        advance();
    }

    boolean present() {
        return !node.isMissingNode();
    }

    JsonNode node() {
        return node;
    }

    /** Of the job in its run. */
    long index() {
        return index;
    }

    String place() {
        return file + ":" + number;
    }

    void advance() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            node = MissingNode.getInstance();
            return;
        }
        number++;
        node = JsonFile.parse(file, number, line);
        String id = node.path("id").asText();
        String last = id.substring(id.lastIndexOf('-') + 1);
        if (!last.matches("[0-9]{1,18}")
                || !(node.path("error").isObject()
                        || node.path("response").path("body").path("choices").isArray())) {
            throw new OutputException(place() + ": is not a result of a run; collect the run again");
        }
        index = Long.parseLong(last);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
