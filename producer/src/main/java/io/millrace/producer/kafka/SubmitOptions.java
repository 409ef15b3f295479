package io.millrace.producer.kafka;

import io.millrace.producer.plan.SubmitTraces;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How a run is submitted. The callbacks are called on the submitting thread.
 *
 * <p>Immutable.
 *
 * @param chunkJobs the most jobs of one transaction
 * @param maxInFlight how many jobs may be submitted beyond those {@code seen}; {@link Long#MAX_VALUE} for no bound
 * @param seen how many results are known by now
 * @param committed told the number of jobs of the run that are committed, after each chunk
 * @param cancelled asked between chunks and while waiting; the run stays open and can be continued
 * @param patience how long a broker may be away
 * @param traces watches it
 */
public record SubmitOptions(
        int chunkJobs,
        long maxInFlight,
        LongSupplier seen,
        LongConsumer committed,
        BooleanSupplier cancelled,
        Duration patience,
        SubmitTraces traces) {

    /** A transaction costs some 30 ms whatever is in it: its marks go to every partition of the jobs topic. */
    public static final int DEFAULT_CHUNK_JOBS = 10_000;

    public static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(5);

    /** Everything at once, without a word. */
    public static final SubmitOptions DEFAULTS =
            new SubmitOptions(DEFAULT_CHUNK_JOBS, Long.MAX_VALUE, () -> 0, jobs -> {}, () -> false, DEFAULT_PATIENCE);

    /** One that nobody watches. */
    public SubmitOptions(
            int chunkJobs,
            long maxInFlight,
            LongSupplier seen,
            LongConsumer committed,
            BooleanSupplier cancelled,
            Duration patience) {
        this(chunkJobs, maxInFlight, seen, committed, cancelled, patience, SubmitTraces.NONE);
    }

    public SubmitOptions {
        Objects.requireNonNull(traces, "traces");
        Objects.requireNonNull(seen, "seen");
        Objects.requireNonNull(committed, "committed");
        Objects.requireNonNull(cancelled, "cancelled");
        Objects.requireNonNull(patience, "patience");
        if (chunkJobs < 1) {
            throw new IllegalArgumentException("a chunk must have at least 1 job, not " + chunkJobs);
        }
        if (maxInFlight < 1) {
            throw new IllegalArgumentException(
                    "--max-in-flight-jobs must be at least 1, not " + maxInFlight + "; leave it out for no bound");
        }
    }
}
