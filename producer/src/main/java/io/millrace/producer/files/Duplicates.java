package io.millrace.producer.files;

import io.millrace.job.Job;
import io.millrace.job.SamplingParams;
import io.millrace.producer.plan.JobPlanner;
import io.millrace.producer.plan.Task;
import io.millrace.wire.JobCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which rows of an input are answered by the job of an earlier one. Takes 12 bytes of memory a row, and some 100 for each
 * row that comes more than once.
 *
 * <p>Immutable.
 */
public final class Duplicates {
    private final CheckedInput rows;
    private final CheckedInput distinct;
    private final int[] jobs;

    private Duplicates(CheckedInput rows, CheckedInput distinct, int[] jobs) {
        this.rows = rows;
        this.distinct = distinct;
        this.jobs = jobs;
    }

    /** 128 bits of what a row asks, equal for those that ask the same. */
    private record Key(long high, long low) {}

    /** Reads the input twice. */
    public static Duplicates find(CheckedInput rows, JobPlanner planner) throws IOException {
        Function<Task, Optional<Key>> key = task -> key(planner.job(task, 0));
        long[] often = comingOften(rows, key);
        Map<Key, Integer> firsts = new HashMap<>();
        int[] jobs = new int[Math.toIntExact(rows.tasks())];
        BitSet copies = new BitSet();
        int next = 0;
        try (TaskCursor tasks = rows.open(0)) {
            for (int row = 0; tasks.hasNext(); row++) {
                Optional<Key> asked = key.apply(tasks.next());
                Integer first = null;
                if (asked.isPresent() && Arrays.binarySearch(often, asked.get().high()) >= 0) {
                    first = firsts.putIfAbsent(asked.get(), next);
                }
                if (first == null) {
                    jobs[row] = next++;
                } else {
                    jobs[row] = first;
                    copies.set(Math.toIntExact(tasks.line()));
                }
            }
        }
        return new Duplicates(rows, rows.without(copies), jobs);
    }

    /** Empty where the same question may be answered otherwise the next time: sampled, with no seed of its own. */
    private static Optional<Key> key(Job job) {
        SamplingParams params = job.params();
        if (params.temperature() > 0 && params.topK() != 1 && params.seed().isEmpty()) {
            return Optional.empty();
        }
        Job nameless = new Job(job.id(), "", job.messages(), params, job.runSeed(), "");
        ByteBuffer digest = ByteBuffer.wrap(InputCheck.sha256().digest(JobCodec.encode(nameless)));
        return Optional.of(new Key(digest.getLong(), digest.getLong()));
    }

    /** Halves of keys that come more than once, ascending. */
    private static long[] comingOften(CheckedInput rows, Function<Task, Optional<Key>> key) throws IOException {
        long[] halves = new long[Math.toIntExact(rows.tasks())];
        int size = 0;
        try (TaskCursor tasks = rows.open(0)) {
            while (tasks.hasNext()) {
                Optional<Key> asked = key.apply(tasks.next());
                if (asked.isPresent()) {
                    halves[size++] = asked.get().high();
                }
            }
        }
        Arrays.sort(halves, 0, size);
        int found = 0;
        for (int i = 1; i < size; i++) {
            if (halves[i] == halves[i - 1] && (found == 0 || halves[found - 1] != halves[i])) {
                halves[found++] = halves[i];
            }
        }
        return Arrays.copyOf(halves, found);
    }

    /** All rows. */
    public CheckedInput rows() {
        return rows;
    }

    /** The rows that are a job each. */
    public CheckedInput distinct() {
        return distinct;
    }

    /** The index of the job, among the distinct ones, that answers the row with this index. */
    public int job(int row) {
        return jobs[row];
    }
}
