package io.millrace.producer.dataset;

import io.millrace.producer.files.InputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipException;

/** The names in a CSV file's first line, read here since DuckDB guesses where it is not told. Thread-safe. */
final class CsvHeader {
    private static final int MAX_CHARACTERS = 1 << 20;

    private CsvHeader() {}

    static List<String> read(DataFile file, char delimiter) throws IOException {
        List<String> names;
        try (InputStream bytes = file.open();
                PushbackReader in =
                        new PushbackReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()))) {
            names = names(file, in, delimiter);
        } catch (CharacterCodingException e) {
            throw new InputException(file.name()
                    + ":1: is not UTF-8; if the file is Latin-1, convert it: iconv -f ISO-8859-1 -t UTF-8 FILE");
        } catch (EOFException | ZipException e) {
            throw new InputException(
                    file.name() + ":1: the compressed data breaks off or is damaged; copy or download the file again");
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (name.isEmpty() || !seen.add(name.toLowerCase(Locale.ROOT))) {
                throw new InputException(file.name() + ":1: "
                        + (name.isEmpty() ? "a column has no name" : "two columns are named '" + name + "'")
                        + "; the first line must name each column"
                        + (name.isEmpty() ? "" : ", and case does not count"));
            }
        }
        return names;
    }

    /** DuckDB takes a file whose lines end with CR alone for one line. */
    private static void requireLineFeed(DataFile file, PushbackReader in, int read) throws IOException {
        if (read != '\r') {
            return;
        }
        int next = in.read();
        if (next >= 0 && next != '\n') {
            throw new InputException(file.name()
                    + ":1: ends with CR alone, as old Macs write lines; convert the file: tr '\\r' '\\n' <FILE");
        }
        if (next >= 0) {
            in.unread(next);
        }
    }

    private static List<String> names(DataFile file, PushbackReader in, char delimiter) throws IOException {
        int first = in.read();
        if (first == '\ufeff') {
            first = in.read();
        }
        if (first < 0) {
            throw new InputException(file.name() + ": is empty; the first line must name the columns");
        }
        in.unread(first);
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (int read = 0; read < MAX_CHARACTERS; read++) {
            int c = in.read();
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c >= 0) {
                name.append((char) c);
            } else if (c == delimiter || c == '\n' || c < 0) {
                names.add(name.toString().strip());
                name.setLength(0);
                if (c != delimiter) {
                    return names;
                }
            } else {
                requireLineFeed(file, in, c);
                name.append((char) c);
            }
        }
        throw new InputException(file.name() + ":1: does not end within " + MAX_CHARACTERS
                + " characters; the first line must name the columns");
    }
}
