package io.millrace.wire;

/** Names of record headers; their values are UTF-8 text. */
public final class Headers {
    public static final String RUN_ID = "run-id";
    public static final String JOB_ID = "job-id";
    public static final String TRACEPARENT = "traceparent";
    public static final String CONTENT_TYPE = "content-type";
    /** The value of {@link #CONTENT_TYPE}: JSON of schema version 1. */
    public static final String JSON_V1 = "application/vnd.millrace.v1+json";

    /** On jobs, results and dead jobs: which replay of the job this is, from 0. */
    public static final String REPLAY = "replay";

    /** On dead jobs: the topic the job came from. */
    public static final String DEAD_TOPIC = "dead-topic";
    /** On dead jobs: the kind of failure, a {@link io.millrace.job.FailureKind}'s name. */
    public static final String DEAD_KIND = "dead-kind";
    /** On dead jobs: what is wrong. */
    public static final String DEAD_REASON = "dead-reason";
    /** On dead jobs: one line per attempt that failed. */
    public static final String DEAD_HISTORY = "dead-history";
    /** On dead jobs: the worker that gave up. */
    public static final String DEAD_WORKER = "dead-worker";
    /** On dead jobs: engine and version. */
    public static final String DEAD_BUILD = "dead-build";

    /** On dead jobs: how many attempts there were. */
    public static final String DEAD_ATTEMPTS = "dead-attempts";
    /**
     * On records without a value in the topic of dead jobs: the job was submitted again as the replay of this number, in
     * the same transaction.
     */
    public static final String DEAD_REPLAYED = "dead-replayed";

    private Headers() {}
}
