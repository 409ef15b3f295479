package io.millrace.producer.kafka;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.RunManifest;
import io.millrace.job.RunManifest.State;
import io.millrace.job.Traceparent;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.plan.SubmitTraces;
import io.millrace.wire.JobCodec;
import io.millrace.wire.Topics;
import io.millrace.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Submits jobs of a sealed run again: as their next replay, each exactly once. The job, the note in the topic of dead
 * jobs that it is submitted, and the manifest that counts it are one transaction; so a command that was killed half-way
 * and is given again goes on with the jobs that have no note.
 *
 * <p>Confined to one thread.
 */
public final class Resubmission implements AutoCloseable {
    private static final int CHUNK_JOBS = 1_000;
    private static final long CHUNK_BYTES = 8L * 1024 * 1024;

    private final RunWriter run;
    private final JobRecords records;
    private final DeadJobs dead;
    private final SubmitTraces traces;

    /** One that nobody watches. */
    public Resubmission(KafkaClients clients, Topics topics, String runId, Duration patience) {
        this(clients, topics, runId, patience, SubmitTraces.NONE);
    }

    /**
     * Takes the run over from any other writer.
     *
     * @throws ClusterException if there is no such run, it is not sealed or was cancelled
     */
    public Resubmission(KafkaClients clients, Topics topics, String runId, Duration patience, SubmitTraces traces) {
        this.traces = traces;
        requireSealed(clients, topics, runId, patience);
        run = new RunWriter(clients, topics, runId, patience);
        try {
            records = new JobRecords(topics, manifest().models(), run::partitions);
            // After the writer was opened: no transaction of an earlier one can bring notes any more.
            dead = DeadJobs.read(clients, topics, runId::equals, true, patience);
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    /** Before anything is fenced: the submitter of a run that is still open must not be stopped by this. */
    private static void requireSealed(KafkaClients clients, Topics topics, String runId, Duration patience) {
        try (RunManifests manifests = new RunManifests(clients, topics, patience)) {
            manifests.refresh();
            State state = manifests
                    .newest(runId)
                    .orElseThrow(() ->
                            new ClusterException("there is no run " + runId + " here: millrace status lists the runs"))
                    .state();
            if (state == State.OPEN) {
                throw new ClusterException("run " + runId + " is still being submitted: give its submit or run command"
                        + " again if that was stopped, then this one");
            }
            if (state == State.CANCELLED) {
                throw new ClusterException("run " + runId + " was cancelled: its jobs are not submitted again;"
                        + " --new starts a fresh run");
            }
        }
    }

    private RunManifest manifest() {
        return run.manifest().orElseThrow();
    }

    /**
     * What became of a wish to replay.
     *
     * @param submitted jobs that were submitted again
     * @param already jobs that were submitted again after their last failure by an earlier command
     * @param unreadable jobs whose record is no job, so that they would fail in the same way
     */
    public record Replayed(long submitted, long already, List<JobId> unreadable) {
        public Replayed {
            unreadable = List.copyOf(unreadable);
        }
    }

    /** Submits the dead jobs that are wanted again, with another deadline or none. */
    public Replayed replay(Predicate<DeadJob> wanted, OptionalLong deadlineEpochMillis) {
        List<Job> jobs = new ArrayList<>();
        List<JobId> unreadable = new ArrayList<>();
        long already = 0;
        for (DeadJob job : dead.all()) {
            if (!wanted.test(job)) {
                continue;
            }
            if (dead.replayed(job)) {
                already++;
                continue;
            }
            try {
                jobs.add(JobCodec.decode(job.original()).resubmitted(job.replay() + 1, deadlineEpochMillis));
            } catch (WireException | IllegalArgumentException e) {
                unreadable.add(job.id());
            }
        }
        submit(jobs.iterator());
        return new Replayed(jobs.size(), already, unreadable);
    }

    /**
     * Submits jobs again that got lost, whatever replay of them that was.
     *
     * @return how many
     */
    public long repair(Iterator<Job> lost) {
        long before = manifest().replays();
        Iterator<Job> next = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return lost.hasNext();
            }

            @Override
            public Job next() {
                Job job = lost.next();
                return job.resubmitted(dead.lastReplay(job.id()) + 1, manifest().deadlineEpochMillis());
            }
        };
        submit(next);
        return manifest().replays() - before;
    }

    /** The number of the job's last replay that was submitted; 0 when it was submitted only once. */
    public int lastReplay(JobId id) {
        return dead.lastReplay(id);
    }

    private void submit(Iterator<Job> jobs) {
        while (jobs.hasNext()) {
            SubmitTraces.Chunk trace = traces.begin(records.topic());
            try {
                trace.committed(submitChunk(jobs, trace.context()));
            } catch (RuntimeException e) {
                trace.failed(e);
                throw e;
            }
        }
    }

    /** How many there were. */
    private long submitChunk(Iterator<Job> jobs, Optional<Traceparent> trace) {
        List<ProducerRecord<byte[], byte[]>> chunk = new ArrayList<>();
        long count = 0;
        long bytes = 0;
        while (jobs.hasNext() && count < CHUNK_JOBS && bytes < CHUNK_BYTES) {
            Job job = jobs.next();
            ProducerRecord<byte[], byte[]> record = records.job(job, trace);
            chunk.add(record);
            chunk.add(records.replayed(job));
            bytes += record.value().length;
            count++;
        }
        RunManifest next = manifest().withReplays(manifest().replays() + count);
        run.commit(chunk, records.manifest(next), next);
        return count;
    }

    @Override
    public void close() {
        run.close();
    }
}
