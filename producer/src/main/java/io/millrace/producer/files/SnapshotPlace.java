package io.millrace.producer.files;

import java.util.List;

/**
 * What each line of a snapshot starts with: {@code {"at":[source,row,number]}, the source's index, 1 where the number
 * counts rows and 0 for lines, and the number. Thread-safe.
 */
public final class SnapshotPlace {
    private static final String START = "{\"at\":[";

    private SnapshotPlace() {}

    /** The start of a line, up to the comma before its next field. */
    public static String start(int source, boolean row, long number) {
        return START + source + "," + (row ? 1 : 0) + "," + number + "]";
    }

    static Place read(List<String> sources, byte[] bytes, int start, int end) {
        long[] numbers = new long[3];
        int found = 0;
        for (int i = start + START.length(); i < end && bytes[i] != ']'; i++) {
            if (bytes[i] == ',') {
                found++;
            } else {
                numbers[found] = numbers[found] * 10 + (bytes[i] - '0');
            }
        }
        return new Place(sources.get((int) numbers[0]), numbers[1] == 1, numbers[2]);
    }
}
