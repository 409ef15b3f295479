package io.millrace.producer.files;

import java.util.Optional;

/** Kinds of files that are not read, told by their first bytes. Thread-safe. */
public final class ForeignFormat {

    private ForeignFormat() {}

    /** What a file that starts like this is, and what to do with it; empty where nothing speaks against reading it. */
    public static Optional<String> of(byte[] head) {
        if (startsWith(head, 'P', 'K', 3, 4)) {
            return foreign("a zip archive or an Excel workbook", "unpack it first, or save the workbook as CSV");
        }
        if (startsWith(head, 'B', 'Z', 'h')) {
            return foreign("a bzip2 file", "unpack it first, or pipe it in: bzcat FILE | millrace run -i -");
        }
        if (startsWith(head, 0xFD, '7', 'z', 'X')) {
            return foreign("an xz file", "unpack it first, or pipe it in: xzcat FILE | millrace run -i -");
        }
        if (startsWith(head, 'A', 'R', 'R', 'O', 'W', '1')) {
            return foreign("an Arrow file", "write it as Parquet: load_from_disk(...).to_parquet(...)");
        }
        if (startsWith(head, 'S', 'Q', 'L', 'i', 't', 'e')) {
            return foreign("an SQLite database", "write its table as CSV: sqlite3 -header -csv FILE 'SELECT ...'");
        }
        if (startsWith(head, 0xFF, 0xFE) || startsWith(head, 0xFE, 0xFF)) {
            return foreign("UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8 FILE");
        }
        if (ascii(head, 0) && ascii(head, 2)) {
            return foreign("UTF-16LE text", "convert it: iconv -f UTF-16LE -t UTF-8 FILE");
        }
        if (ascii(head, 1) && ascii(head, 3)) {
            return foreign("UTF-16BE text", "convert it: iconv -f UTF-16BE -t UTF-8 FILE");
        }
        return Optional.empty();
    }

    private static Optional<String> foreign(String what, String remedy) {
        return Optional.of("is " + what + ", which is not read here; " + remedy);
    }

    /** Whether this byte is ASCII and its neighbour in a pair is zero, as in UTF-16 without a mark. */
    private static boolean ascii(byte[] head, int at) {
        return head.length >= 4 && head[at] > 0 && head[at ^ 1] == 0;
    }

    static boolean startsWith(byte[] bytes, int... expected) {
        if (bytes.length < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((bytes[i] & 0xFF) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
