package io.millrace.producer.dataset;

import io.millrace.producer.files.RawObject;

/** A row's columns for an error message. Thread-safe. */
final class Names {
    private static final int SHOWN = 12;

    private Names() {}

    /** {@code the row has a, b and c}. */
    static String of(RawObject row) {
        if (row.size() == 0) {
            return "the row has no column";
        }
        StringBuilder names = new StringBuilder("the row has ");
        for (int i = 0; i < Math.min(row.size(), SHOWN); i++) {
            names.append(i == 0 ? "" : ", ").append(row.name(i));
        }
        return names + (row.size() > SHOWN ? " ..." : "");
    }
}
