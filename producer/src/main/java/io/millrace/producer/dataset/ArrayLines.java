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
            if (parser.nextToken() != null) {
                throw new InputException(
                        file.name() + ": row " + row + ": the array ends here, and more comes behind it;"
                                + " write one array of all rows, or one row a line");
            }
        } catch (JsonProcessingException e) {
            if (e.getOriginalMessage().contains("UTF-8")) {
                throw new InputException(file.name() + ": row " + Math.max(1, row) + ": is not UTF-8 at line "
                        + e.getLocation().getLineNr()
                        + "; if the file is Latin-1, convert it: iconv -f ISO-8859-1 -t UTF-8 FILE");
            }
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
