package io.millrace.producer.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.producer.files.InputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JSON array into lines, one value in memory at a time. Thread-safe. */
final class ArrayLines {
    private static final JsonFactory JSON = new JsonFactory();

    private ArrayLines() {}

    static void copy(DataFile file, Path target) throws IOException {
        long row = 0;
        try (InputStream in = file.open();
                JsonParser parser = JSON.createParser(in);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(target));
                JsonGenerator json = JSON.createGenerator(out)) {
            json.setRootValueSeparator(null);
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                row++;
                if (parser.currentToken() == null) {
                    throw new InputException(file.name() + ": row " + row
                            + ": the array breaks off here; copy or download the file again");
                }
                json.copyCurrentStructureExact(parser);
                json.writeRaw('\n');
            }
        } catch (JsonProcessingException e) {
            throw new InputException(file.name() + ": row " + Math.max(1, row) + ": is not JSON at line "
                    + e.getLocation().getLineNr() + ": "
                    + e.getOriginalMessage().replaceAll("\\s+", " ")
                    + "; mend it, or copy or download the file again");
        } catch (java.io.EOFException e) {
            throw new InputException(file.name() + ": row " + (row + 1)
                    + ": the compressed data breaks off here; copy or download the file again");
        }
    }
}
