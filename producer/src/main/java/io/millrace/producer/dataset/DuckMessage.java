package io.millrace.producer.dataset;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What DuckDB says, which is several lines with its own options in them, as one line for a user. Thread-safe. */
final class DuckMessage {
    private static final Pattern CSV_LINE = Pattern.compile("CSV Error on Line: (\\d+)");
    private static final Pattern COLUMNS = Pattern.compile("Expected Number of Columns: (\\d+) Found: (\\d+)");
    private static final Pattern PLACE = Pattern.compile("\\n+LINE \\d+:.*", Pattern.DOTALL);

    private DuckMessage() {}

    /** @param where a file's name or an option's */
    static String of(String where, String message) {
        Matcher line = CSV_LINE.matcher(message);
        if (line.find()) {
            return where + ":" + line.group(1) + ": " + csv(message);
        }
        String text =
                PLACE.matcher(message).replaceFirst("").replaceFirst("^(Invalid Input|IO|Binder|Catalog) Error: ", "");
        String first = text.strip().replaceAll("\\s*\\n\\s*", "; ");
        return where + ": " + (first.length() > 400 ? first.substring(0, 400) + "..." : first) + remedy(where, first);
    }

    private static String csv(String message) {
        Matcher columns = COLUMNS.matcher(message);
        if (columns.find()) {
            return "has " + columns.group(2) + " values where the first line has " + columns.group(1)
                    + " names; put values with commas or line ends in double quotes";
        }
        if (message.contains("unterminated quote")) {
            return "has a double quote that does not end where its value does; double the quotes inside a value";
        }
        if (message.contains("unicode")) {
            return "is not UTF-8; if the file is Latin-1, convert it: iconv -f ISO-8859-1 -t UTF-8 FILE";
        }
        if (message.contains("Maximum line size")) {
            return "is longer than the most for one row; shorten it";
        }
        return message.lines().skip(2).findFirst().orElse("is not CSV") + "; write it as RFC 4180 says";
    }

    private static String remedy(String where, String first) {
        if (where.equals("--select")) {
            return first.contains("Table with name")
                    ? "; the rows of the files are the table input"
                    : "; columns and SQL are DuckDB's";
        }
        return first.contains("GZIP") || first.contains("ZSTD") || first.contains("magic") || first.contains("ooter")
                ? "; the file breaks off or is damaged: copy or download it again"
                : "; mend the file, or name another by -i";
    }
}
