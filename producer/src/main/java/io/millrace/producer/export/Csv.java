package io.millrace.producer.export;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Lines as RFC 4180 has them, but ended by LF. Thread-safe. */
final class Csv {

    private Csv() {}

    static byte[] line(List<String> values) {
        String line = values.stream().map(Csv::value).collect(Collectors.joining(",", "", "\n"));
        return line.getBytes(StandardCharsets.UTF_8);
    }

    /** Every text in quotes, so that nothing in it can be taken for anything else. */
    private static String value(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
