package io.millrace.worker.pipeline;

import io.millrace.worker.delivery.Quarantine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which job goes to the engine next. Ordinary jobs go round-robin over partitions. Jobs that were lost with an engine or
 * a worker (suspects) go first, those with the fewest losses before others, in the company that {@link Quarantine}
 * allows. No job starts before its permit is committed.
 *
 * <p>Confined to the pipeline's thread.
 */
final class Admission {
    private static final Comparator<TakenJob> FEWEST_LOSSES_FIRST = Comparator.comparingInt(TakenJob::losses)
            .thenComparingInt(job -> job.partition.number)
            .thenComparingLong(job -> job.offset);

    private final List<PartitionWork> partitions = new ArrayList<>();
    private final List<TakenJob> suspects = new ArrayList<>();
    private final List<TakenJob> delayed = new ArrayList<>();

    /** Ticket to the job that is in the engine with it. */
    private final Map<Long, TakenJob> running = new HashMap<>();

    private int runningSamples;
    private int waiting;
    private int nextPartition;
    private int slots = 1;
    private boolean permitWanted;

    void slots(int engineSlots) {
        slots = engineSlots;
    }

    Collection<PartitionWork> partitions() {
        return partitions;
    }

    Optional<PartitionWork> partition(int number) {
        return partitions.stream().filter(p -> p.number == number).findFirst();
    }

    void add(PartitionWork partition) {
        partitions.add(partition);
    }

    /** Forgets a partition; returns the tickets of its running jobs. */
    List<Long> remove(PartitionWork partition) {
        clearWaiting(partition);
        partitions.remove(partition);
        return cancelRunning(partition);
    }

    /** Gives up the running jobs of a partition; returns their tickets. */
    List<Long> cancelRunning(PartitionWork partition) {
        List<Long> tickets = new ArrayList<>();
        for (Map.Entry<Long, TakenJob> entry : running.entrySet()) {
            if (entry.getValue().partition == partition) {
                tickets.add(entry.getKey());
            }
        }
        tickets.forEach(ticket -> ended(ticket).ifPresent(TakenJob::dropped));
        return tickets;
    }

    /** Gives up the waiting jobs of a partition; whoever owns it next takes them again. */
    void clearWaiting(PartitionWork partition) {
        partition.queue.forEach(TakenJob::dropped);
        partition.queue.clear();
        dropFrom(suspects, partition);
        dropFrom(delayed, partition);
        waiting -= partition.waiting;
        partition.waiting = 0;
    }

    private static void dropFrom(Collection<TakenJob> jobs, PartitionWork partition) {
        List<TakenJob> dropped = new ArrayList<>();
        takeFrom(jobs, job -> job.partition == partition, dropped);
        dropped.forEach(TakenJob::dropped);
    }

    /** Takes these out of those that wait. */
    List<TakenJob> takeWaiting(Predicate<TakenJob> which) {
        List<TakenJob> found = new ArrayList<>();
        takeFrom(suspects, which, found);
        takeFrom(delayed, which, found);
        for (PartitionWork partition : partitions) {
            takeFrom(partition.queue, which, found);
        }
        found.forEach(this::taken);
        return found;
    }

    private static void takeFrom(Collection<TakenJob> jobs, Predicate<TakenJob> which, List<TakenJob> found) {
        for (Iterator<TakenJob> each = jobs.iterator(); each.hasNext(); ) {
            TakenJob job = each.next();
            if (which.test(job)) {
                each.remove();
                found.add(job);
            }
        }
    }

    /** The tickets of these jobs in the engine. */
    List<Long> runningTickets(Predicate<TakenJob> which) {
        return running.entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A job that was just taken. */
    void enqueue(TakenJob job) {
        job.partition.waiting++;
        waiting++;
        if (job.losses() > 0) {
            suspects.add(job);
        } else {
            job.partition.queue.addLast(job);
        }
    }

    /** A job that runs again: at once as a suspect or after its delay. */
    void again(TakenJob job) {
        job.partition.waiting++;
        waiting++;
        if (job.losses() > 0) {
            suspects.add(job);
        } else {
            delayed.add(job);
        }
    }

    /** Puts jobs whose delay is over in front of their partitions' queues. */
    void wake(long nowNanos) {
        Iterator<TakenJob> jobs = delayed.iterator();
        while (jobs.hasNext()) {
            TakenJob job = jobs.next();
            if (job.notBeforeNanos - nowNanos <= 0) {
                jobs.remove();
                job.partition.queue.addFirst(job);
            }
        }
    }

    /** The next job that may go to the engine now; it is no longer waiting then. */
    Optional<TakenJob> next(long nowNanos) {
        permitWanted = false;
        if (quarantine(nowNanos)) {
            List<TakenJob> company = company(nowNanos);
            for (TakenJob job : company) {
                if (job.permitted() && (job.losses() < Quarantine.ALONE_FROM || permittedJobs() == 1)) {
                    suspects.remove(job);
                    return Optional.of(taken(job));
                }
                permitWanted = true;
            }
            return Optional.empty();
        }
        for (int i = 0; i < partitions.size(); i++) {
            PartitionWork partition = partitions.get((nextPartition + i) % partitions.size());
            TakenJob head = partition.queue.peekFirst();
            if (head == null || partition.draining) {
                continue;
            }
            if (!head.permitted()) {
                permitWanted = true;
                continue;
            }
            nextPartition = (nextPartition + i + 1) % partitions.size();
            partition.queue.removeFirst();
            return Optional.of(taken(head));
        }
        return Optional.empty();
    }

    /** How many jobs might be running for all that a taker of the partitions could know. */
    private long permittedJobs() {
        return partitions.stream().mapToLong(p -> p.permits.size()).sum();
    }

    private TakenJob taken(TakenJob job) {
        job.partition.waiting--;
        waiting--;
        return job;
    }

    /** Whether the last {@link #next} found nothing but jobs that a commit must permit first. */
    boolean permitWanted() {
        return permitWanted;
    }

    void started(long ticket, TakenJob job) {
        running.put(ticket, job);
        runningSamples += job.job.params().n();
        job.partition.running++;
    }

    /** The attempt is over; empty when it is not known, because its partition is gone. */
    Optional<TakenJob> ended(long ticket) {
        TakenJob job = running.remove(ticket);
        if (job != null) {
            runningSamples -= job.job.params().n();
            job.partition.running--;
        }
        return Optional.ofNullable(job);
    }

    /** Takes back everything that runs: the engine is gone. */
    List<TakenJob> allEnded() {
        List<TakenJob> jobs = new ArrayList<>(running.values());
        jobs.sort(FEWEST_LOSSES_FIRST);
        running.clear();
        runningSamples = 0;
        jobs.forEach(job -> job.partition.running--);
        return jobs;
    }

    /** The offsets of a partition whose jobs may start once this is committed. */
    SortedSet<Long> permits(PartitionWork partition, long nowNanos) {
        SortedSet<Long> offsets = new TreeSet<>();
        for (TakenJob job : running.values()) {
            if (job.partition == partition) {
                offsets.add(job.offset);
            }
        }
        if (partition.draining) {
            return offsets;
        }
        if (quarantine(nowNanos)) {
            for (TakenJob job : company(nowNanos)) {
                if (job.partition == partition) {
                    offsets.add(job.offset);
                }
            }
        } else {
            for (TakenJob job : partition.queue) {
                offsets.add(job.offset);
            }
        }
        return offsets;
    }

    private boolean quarantine(long nowNanos) {
        return suspects.stream().anyMatch(job -> due(job, nowNanos))
                || running.values().stream().anyMatch(job -> job.losses() > 0);
    }

    /** The suspects that may join what runs now. */
    private List<TakenJob> company(long nowNanos) {
        int limit = running.values().stream()
                .mapToInt(job -> Quarantine.company(job.losses(), slots))
                .min()
                .orElse(Integer.MAX_VALUE);
        List<TakenJob> due = new ArrayList<>();
        for (TakenJob job : suspects) {
            if (due(job, nowNanos)) {
                due.add(job);
            }
        }
        due.sort(FEWEST_LOSSES_FIRST);
        List<TakenJob> company = new ArrayList<>();
        for (TakenJob job : due) {
            limit = Math.min(limit, Quarantine.company(job.losses(), slots));
            if (running.size() + company.size() + 1 > limit) {
                break;
            }
            company.add(job);
        }
        return company;
    }

    private static boolean due(TakenJob job, long nowNanos) {
        return job.notBeforeNanos - nowNanos <= 0;
    }

    int runningJobs() {
        return running.size();
    }

    int runningSamples() {
        return runningSamples;
    }

    int waitingJobs() {
        return waiting;
    }
}
