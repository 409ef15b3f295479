package io.millrace.job;

/** Why a job has no answer, and whether another attempt may help. */
public enum FailureKind {
    /** The job record or a parameter of it is wrong. */
    INVALID_JOB(false, 400),
    /** Prompt and max_tokens do not fit into a slot of the worker. */
    CONTEXT_WINDOW_EXCEEDED(false, 400),
    /** The engine refused or failed the job and says why. */
    ENGINE_ERROR(true, 500),
    /** The job killed the engine's process when it ran alone. */
    ENGINE_DIED(false, 500),
    /** Workers died while the job ran strictly alone. */
    WORKER_LOST(false, 500),
    /** The job took longer than it may. */
    TIMED_OUT(true, 504),
    /** The job was not finished when its deadline was over. */
    DEADLINE(false, 504),
    /** The user cancelled the run. */
    CANCELLED(false, 499);

    private final boolean retryable;
    private final int statusCode;

    FailureKind(boolean retryable, int statusCode) {
        this.retryable = retryable;
        this.statusCode = statusCode;
    }

    public boolean retryable() {
        return retryable;
    }

    /** The HTTP status that an OpenAI batch result gives for this kind. */
    public int statusCode() {
        return statusCode;
    }
}
