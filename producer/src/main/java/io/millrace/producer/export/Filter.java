package io.millrace.producer.export;

/** Says which samples a dataset is to have. */
interface Filter {

    /** For the count of what it removed. */
    String name();

    boolean keeps(ExportRow row, Completion completion);
}
