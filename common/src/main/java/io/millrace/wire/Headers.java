package io.millrace.wire;

/** Names of record headers; their values are UTF-8 text. */
public final class Headers {
    public static final String RUN_ID = "run-id";
    public static final String JOB_ID = "job-id";
    public static final String TRACEPARENT = "traceparent";
    public static final String CONTENT_TYPE = "content-type";
    /** The value of {@link #CONTENT_TYPE}: JSON of schema version 1. */
    public static final String JSON_V1 = "application/vnd.millrace.v1+json";

    private Headers() {}
}
