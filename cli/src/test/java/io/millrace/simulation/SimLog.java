package io.millrace.simulation;

import io.millrace.job.Job;
import io.millrace.job.JobResult;
import io.millrace.worker.pipeline.ResultSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The broker's topics and transactions in memory, as far as the pipeline can tell them from real ones: offsets with
 * holes, one open transaction per transactional id, fencing by epoch, stable and unstable committed offsets, time-outs.
 *
 * <p>Confined to its caller's thread.
 */
final class SimLog {
    static final long TRANSACTION_TIMEOUT_MILLIS = 15_000;

    private final EventQueue time;
    private final List<Guarantee> guarantees;

    /** For each partition: offset to job; an offset without a job is a marker. */
    final List<TreeMap<Long, Job>> jobs = new ArrayList<>();

    final List<Long> endOffsets = new ArrayList<>();
    final List<JobResult> results = new ArrayList<>();
    final Map<Integer, Committed> committed = new HashMap<>();
    private final Map<String, Producer> producers = new HashMap<>();
    /** How many jobs were submitted again. */
    int replays;

    /** Jobs that the run's committed manifest counts. */
    int manifestJobs;

    boolean away;

    SimLog(EventQueue time, int partitions, List<Guarantee> guarantees) {
        this.time = time;
        this.guarantees = guarantees;
        for (int p = 0; p < partitions; p++) {
            jobs.add(new TreeMap<>());
            endOffsets.add(0L);
            committed.put(p, new Committed(0, ""));
        }
    }

    record Committed(long offset, String metadata) {}

    /** Why a request was refused. */
    enum Refusal {
        AWAY,
        FENCED,
        NO_TRANSACTION
    }

    private static final class Producer {
        int epoch;
        Optional<Transaction> open = Optional.empty();
    }

    private static final class Transaction {
        /** Whose offsets it commits. */
        Set<Integer> partitions = Set.of();

        boolean offsetsSent;
        Runnable whenCommitted = () -> {};
        Runnable whenAborted = () -> {};

        void abort() {
            whenAborted.run();
        }
    }

    /** Appends jobs in one committed transaction; leaves a marker in each partition it touched. */
    void append(List<Job> newJobs) {
        Set<Integer> touched = new HashSet<>();
        for (Job job : newJobs) {
            int partition = partition(job);
            jobs.get(partition).put(endOffsets.get(partition), job);
            endOffsets.set(partition, endOffsets.get(partition) + 1);
            touched.add(partition);
        }
        touched.forEach(this::hole);
    }

    private int partition(Job job) {
        return (int) (job.id().index() % jobs.size());
    }

    /** An offset that holds no job, as markers and aborted records do. */
    void hole(int partition) {
        endOffsets.set(partition, endOffsets.get(partition) + 1);
    }

    /** Ends what the id has open and gives it a new epoch; -1 when the broker is away. */
    int initTransactions(String id) {
        if (away) {
            return -1;
        }
        Producer producer = producers.computeIfAbsent(id, ignored -> new Producer());
        end(producer);
        return ++producer.epoch;
    }

    /** Opens a transaction with the results; the time-out starts. */
    Optional<Refusal> begin(String id, int epoch, ResultSink.Publication publication) {
        Transaction transaction = new Transaction();
        transaction.partitions = publication.commits().keySet();
        transaction.whenCommitted = () -> {
            results.addAll(publication.results());
            publication.commits().forEach((p, c) -> committed.put(p, new Committed(c.offset(), c.metadata())));
            guarantees.forEach(g -> g.onCommit(this, publication));
        };
        return begin(id, epoch, transaction);
    }

    /** Opens a transaction with jobs and the manifest that then counts so many. */
    Optional<Refusal> begin(String id, int epoch, List<Job> newJobs, int jobsThen) {
        Transaction transaction = new Transaction();
        transaction.whenCommitted = () -> {
            append(newJobs);
            manifestJobs = jobsThen;
        };
        transaction.whenAborted = () -> newJobs.forEach(job -> hole(partition(job)));
        return begin(id, epoch, transaction);
    }

    private Optional<Refusal> begin(String id, int epoch, Transaction transaction) {
        Optional<Refusal> refusal = refused(id, epoch);
        if (refusal.isEmpty()) {
            Producer producer = producers.get(id);
            producer.open = Optional.of(transaction);
            time.after(TRANSACTION_TIMEOUT_MILLIS, () -> timeOut(producer, transaction));
        }
        return refusal;
    }

    private static void timeOut(Producer producer, Transaction transaction) {
        if (producer.open.filter(open -> open == transaction).isPresent()) {
            end(producer);
            producer.epoch++;
        }
    }

    private static void end(Producer producer) {
        producer.open.ifPresent(Transaction::abort);
        producer.open = Optional.empty();
    }

    Optional<Refusal> sendOffsets(String id, int epoch) {
        Optional<Refusal> refusal = refused(id, epoch);
        if (refusal.isPresent()) {
            return refusal;
        }
        Optional<Transaction> open = producers.get(id).open;
        if (open.isEmpty()) {
            return Optional.of(Refusal.NO_TRANSACTION);
        }
        open.get().offsetsSent = true;
        return Optional.empty();
    }

    Optional<Refusal> abort(String id, int epoch) {
        Optional<Refusal> refusal = refused(id, epoch);
        if (refusal.isEmpty()) {
            end(producers.get(id));
        }
        return refusal;
    }

    Optional<Refusal> commit(String id, int epoch) {
        Optional<Refusal> refusal = refused(id, epoch);
        if (refusal.isPresent()) {
            return refusal;
        }
        Optional<Transaction> open = producers.get(id).open;
        if (open.isEmpty()) {
            return Optional.of(Refusal.NO_TRANSACTION);
        }
        producers.get(id).open = Optional.empty();
        open.get().whenCommitted.run();
        return Optional.empty();
    }

    private Optional<Refusal> refused(String id, int epoch) {
        if (away) {
            return Optional.of(Refusal.AWAY);
        }
        return producers.get(id).epoch == epoch ? Optional.empty() : Optional.of(Refusal.FENCED);
    }

    /** Ends another's open transaction and shuts its present epoch out. */
    void fence(String id) {
        Producer producer = producers.get(id);
        if (producer != null) {
            end(producer);
            producer.epoch++;
        }
    }

    /** What is committed of a partition; empty while an open transaction holds offsets of it. */
    Optional<Committed> stable(int partition) {
        boolean pending = producers.values().stream()
                .flatMap(p -> p.open.stream())
                .anyMatch(t -> t.offsetsSent && t.partitions.contains(partition));
        return pending ? Optional.empty() : Optional.of(committed.get(partition));
    }
}
