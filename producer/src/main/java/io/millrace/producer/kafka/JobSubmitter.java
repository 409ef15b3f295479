package io.millrace.producer.kafka;

import io.millrace.job.Job;
import io.millrace.job.RunManifest;
import io.millrace.job.RunManifest.State;
import io.millrace.job.Traceparent;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.plan.SubmitTraces;
import io.millrace.wire.Topics;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Puts the jobs of a run into their topic, each exactly once. A chunk of jobs and the manifest that counts them are one
 * transaction; a submitter starts by fencing any other of the same run and then reads how far that one came.
 *
 * <p>Confined to the submitting thread.
 */
public final class JobSubmitter implements AutoCloseable {
    /** The first chunks are small, so that workers have something to do at once; then they double. */
    private static final long FIRST_CHUNK_JOBS = 1_000;

    private static final long CHUNK_BYTES = 8L * 1024 * 1024;
    private static final long ROOM_MILLIS = 20;

    private final Topics topics;
    private final SubmitOptions options;
    private final RunWriter run;
    private final RunManifest opened;
    private final JobRecords records;

    /**
     * Takes the run over from any other submitter. The topics must exist.
     *
     * @throws ClusterException if the run is there with another input or model, or was cancelled, or the broker does
     *     not answer within the options' patience
     */
    public JobSubmitter(KafkaClients clients, Topics topics, NewRun newRun, SubmitOptions options) {
        this.topics = topics;
        this.options = options;
        run = new RunWriter(clients, topics, newRun.runId(), options.patience());
        try {
            run.manifest().ifPresent(manifest -> requireSame(newRun, manifest));
            opened = run.manifest().orElseGet(() -> newRun.open(resultOffsets(clients)));
            records = new JobRecords(topics, newRun.models(), run::partitions);
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    private static void requireSame(NewRun run, RunManifest found) {
        if (found.state() == State.CANCELLED) {
            throw new ClusterException("run " + run.runId() + " was cancelled: --new starts a fresh one");
        }
        if (!found.inputSha256().equals(run.inputSha256()) || !found.models().equals(run.models())) {
            throw new ClusterException("run " + run.runId() + " exists with input " + found.inputSha256()
                    + " for model " + found.models() + ", not " + run.inputSha256() + " for " + run.models()
                    + ": --new starts a fresh one");
        }
    }

    /**
     * The last stable offsets. Results come after jobs, so any offset from before the first chunk will do; the last
     * stable one is the lowest of them, and unlike the log's end it is never beyond what a new leader has.
     */
    private Map<Integer, Long> resultOffsets(KafkaClients clients) {
        try (TopicEnds ends = new TopicEnds(clients, options.patience())) {
            return ends.stable(topics.results());
        }
    }

    /** Jobs of the run that are in the topic; the next one to submit has this index. */
    public long committedJobs() {
        return run.manifest().map(RunManifest::jobs).orElse(0L);
    }

    /** The run as it is, or as the first chunk will open it. */
    public RunManifest manifest() {
        return run.manifest().orElse(opened);
    }

    /**
     * Submits the rest of the run and seals it; does nothing if it is sealed.
     *
     * @param jobs those from index {@link #committedJobs()} on, in order
     * @return whether the run is sealed; if not, it was cancelled
     * @throws ClusterException if a job is too large, another submitter took over or the broker stays away
     */
    public boolean submit(Iterator<Job> jobs) {
        while (manifest().state() == State.OPEN) {
            long room = awaitRoom();
            if (room == 0) {
                return false;
            }
            SubmitTraces.Chunk trace = options.traces().begin(records.topic());
            try {
                List<ProducerRecord<byte[], byte[]>> chunk = chunk(jobs, room, trace.context());
                State state = jobs.hasNext() ? State.OPEN : State.SEALED;
                RunManifest next = manifest().with(state, committedJobs() + chunk.size());
                run.commit(chunk, records.manifest(next), next);
                trace.committed(chunk.size());
            } catch (RuntimeException e) {
                trace.failed(e);
                throw e;
            }
            options.committed().accept(committedJobs());
        }
        return true;
    }

    /** How many jobs may go now; 0 when cancelled. */
    private long awaitRoom() {
        while (!options.cancelled().getAsBoolean()) {
            long inFlight = committedJobs() - options.seen().getAsLong();
            if (inFlight < options.maxInFlight()) {
                return options.maxInFlight() - Math.max(0, inFlight);
            }
            run.pause(ROOM_MILLIS);
        }
        return 0;
    }

    private List<ProducerRecord<byte[], byte[]>> chunk(Iterator<Job> jobs, long room, Optional<Traceparent> trace) {
        List<ProducerRecord<byte[], byte[]>> chunk = new ArrayList<>();
        long most = Math.min(Math.min(options.chunkJobs(), room), Math.max(FIRST_CHUNK_JOBS, committedJobs()));
        long bytes = 0;
        while (chunk.size() < most && bytes < CHUNK_BYTES && jobs.hasNext()) {
            Job job = jobs.next();
            long expected = committedJobs() + chunk.size();
            if (job.id().index() != expected
                    || !job.id().runId().equals(manifest().runId())) {
                throw new IllegalArgumentException(
                        "expected job " + manifest().runId() + "-" + expected + " next, got " + job.id());
            }
            ProducerRecord<byte[], byte[]> record =
                    records.job(job.resubmitted(0, manifest().deadlineEpochMillis()), trace);
            bytes += record.value().length;
            chunk.add(record);
        }
        return chunk;
    }

    @Override
    public void close() {
        run.close();
    }
}
