package io.millrace.producer.dataset;

/** The answer that a dataset has for a job. Thread-safe. */
final class Reference {
    private static final String NAME = "\"reference\":";

    private Reference() {}

    /** Metadata with a field {@code reference}, unless it has one. */
    static String add(String metadata, String answer) {
        if (metadata.startsWith(NAME) || metadata.contains("," + NAME)) {
            return metadata;
        }
        return metadata + (metadata.isEmpty() ? "" : ",") + NAME + JsonText.of(answer);
    }
}
