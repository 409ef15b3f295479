package io.millrace.producer.dataset;

import com.github.luben.zstd.ZstdIOException;
import io.millrace.producer.files.ForeignFormat;
import io.millrace.producer.files.InputException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * A file of rows and what holds them.
 *
 * <p>Immutable.
 *
 * @param name as the user knows it
 */
record DataFile(String name, Path path, Kind kind, Packing packing) {
    private static final int HEAD_BYTES = 4096;

    enum Kind {
        /** One JSON value a line. */
        LINES,
        /** One JSON array of all rows. */
        ARRAY,
        /** Values with commas between, and a line of names. */
        CSV,
        /** The same with tabs. */
        TSV,
        PARQUET
    }

    /** Told by the first bytes, and for CSV by the name. */
    static DataFile of(String name, Path path) throws IOException {
        Packing packing = Packing.of(name, path);
        byte[] head = head(name, path, packing);
        if (startsWith(head, "PAR1")) {
            return new DataFile(name, path, Kind.PARQUET, packing);
        }
        Optional<String> foreign = ForeignFormat.of(head);
        if (foreign.isPresent()) {
            throw new InputException(name + ": " + foreign.get());
        }
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
        if (plain.endsWith(".csv")) {
            return new DataFile(name, path, Kind.CSV, packing);
        }
        if (plain.endsWith(".tsv")) {
            return new DataFile(name, path, Kind.TSV, packing);
        }
        if (plain.endsWith(".parquet")) {
            throw new InputException(name + ": is named .parquet and does not start like a Parquet file;"
                    + " copy or download it again");
        }
        int first = startsWith(head, "\u00ef\u00bb\u00bf") ? 3 : 0;
        while (first < head.length && Character.isWhitespace(head[first])) {
            first++;
        }
        boolean array = first < head.length && head[first] == '[';
        if (first + 1 < head.length && head[first] == '{' && (head[first + 1] == '\n' || head[first + 1] == '\r')) {
            throw new InputException(
                    name + ":1: is an object that goes on in the next line; write one row a line:" + " jq -c . FILE");
        }
        return new DataFile(name, path, array ? Kind.ARRAY : Kind.LINES, packing);
    }

    /** Whether DuckDB is needed to read it. */
    boolean table() {
        return kind == Kind.CSV || kind == Kind.TSV || kind == Kind.PARQUET;
    }

    /** The content, unpacked; the caller closes it. */
    InputStream open() throws IOException {
        return packing.unpack(new BufferedInputStream(Files.newInputStream(path)));
    }

    /** The first bytes, unpacked; empty where they cannot be, which reading the file will tell in full. */
    private static byte[] head(String name, Path path, Packing packing) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(path));
                InputStream in = packing.unpack(raw)) {
            return in.readNBytes(HEAD_BYTES);
        } catch (EOFException | ZipException | ZstdIOException e) {
            return new byte[0];
        }
    }

    private static boolean startsWith(byte[] bytes, String latin1) {
        byte[] start = latin1.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (bytes[i] != start[i]) {
                return false;
            }
        }
        return true;
    }
}
