package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.JobResult;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The guarantees on real processes and a real broker, under faults drawn from {@code -Dfaults.seed}. */
@Tag("faults")
final class FaultsTest {
    private static final int JOBS = 5_000;
    private static final int SLOTS = 8;
    private static final Duration WHOLE = Duration.ofMinutes(15);
    private static final Duration BETWEEN_FAULTS = Duration.ofSeconds(6);
    private static final int RESULTS_BETWEEN_FAULTS = 130;
    /** Less than the session's time-out, and more than that and the transaction's. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final Random random = new Random(Long.getLong("faults.seed", 1));

    private enum Fault {
        KILL_WORKER(5),
        FREEZE_WORKER_BRIEFLY(2),
        FREEZE_WORKER_BEYOND_ITS_SESSION(2),
        FREEZE_WORKER_IN_A_TRANSACTION(2),
        KILL_RUN(3),
        FREEZE_RUN(1),
        KILL_COLLECTOR(2),
        FREEZE_COLLECTOR(1),
        RESTART_BROKER(2),
        ADD_WORKER(2),
        REMOVE_WORKER(2);

        final int times;

        Fault(int times) {
            this.times = times;
        }
    }

    @Test
    void everyJobHasOneResultWhateverFails() throws Exception {
        Map<Integer, String> poison = Map.of(
                700 + random.nextInt(1000), TimedEngineMain.ABORTS,
                2500 + random.nextInt(1000), TimedEngineMain.KILLS_WORKER);
        Path input = input(poison);
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            faults.addAll(Collections.nCopies(fault.times, fault));
        }
        Collections.shuffle(faults, random);
        Map<Fault, Integer> done = new EnumMap<>(Fault.class);

        try (FaultyCluster cluster = new FaultyCluster(folder, 3, SLOTS)) {
            // Submits and collects; no more than a few hundred jobs ahead, so that it submits for most of the run.
            cluster.command(
                    "run",
                    "run",
                    "--bootstrap-server=" + cluster.bootstrap(),
                    "--model=" + TimedWorkerMain.MODEL,
                    "--input-file=" + input,
                    "--output=" + folder.resolve("out"),
                    "--max-in-flight-jobs=600");
            assertThat(cluster.awaitWithin(WHOLE, () -> collected("out") > 0)).isTrue();
            cluster.command(
                    "collect",
                    "collect",
                    runId(),
                    "--bootstrap-server=" + cluster.bootstrap(),
                    "--output=" + folder.resolve("again"));

            for (Fault fault : faults) {
                long before = collected("out");
                cluster.awaitWithin(BETWEEN_FAULTS, () -> collected("out") >= before + RESULTS_BETWEEN_FAULTS);
                if (!cluster.ended("run") && happens(fault, cluster)) {
                    done.merge(fault, 1, Integer::sum);
                    System.out.println("after " + collected("out") + " results: " + fault);
                }
            }
            assertThat(cluster.awaitWithin(WHOLE, () -> cluster.ended("run") && cluster.ended("collect")))
                    .as("both collectors come to their end")
                    .isTrue();

            Tally tally = tally(cluster, poison);
            System.out.println(
                    "faults " + done.values().stream().mapToInt(n -> n).sum() + " " + done);
            System.out.println(tally);
            assertThat(tally)
                    .hasToString(
                            "jobs 5000 results 5000 lost 0 duplicates 0 poison 2 condemned 2 innocent condemned 0");
        }
        assertThat(done).containsOnlyKeys(Fault.values());
        assertThat(done.values().stream().mapToInt(n -> n).sum()).isGreaterThanOrEqualTo(20);
        for (String output : List.of("out", "again")) {
            assertThat(lines(folder.resolve(output).resolve("results.jsonl"))).isEqualTo(JOBS - 2);
            assertThat(lines(folder.resolve(output).resolve("errors.jsonl"))).isEqualTo(2);
        }
    }

    private boolean happens(Fault fault, FaultyCluster cluster) throws Exception {
        List<String> workers = cluster.workers();
        String worker = workers.get(random.nextInt(workers.size()));
        switch (fault) {
            case KILL_WORKER -> cluster.killWorker(worker);
            case FREEZE_WORKER_BRIEFLY -> cluster.freezeWorker(worker, SHORT);
            case FREEZE_WORKER_BEYOND_ITS_SESSION -> cluster.freezeWorker(worker, LONG);
            case FREEZE_WORKER_IN_A_TRANSACTION -> {
                return cluster.freezeInTransaction(worker, LONG);
            }
            case KILL_RUN -> cluster.killCommand("run");
            case FREEZE_RUN -> cluster.freezeCommand("run", SHORT);
            case KILL_COLLECTOR -> cluster.killCommand("collect");
            case FREEZE_COLLECTOR -> cluster.freezeCommand("collect", SHORT);
            case RESTART_BROKER -> cluster.killBroker();
            case ADD_WORKER -> cluster.addWorker();
            case REMOVE_WORKER -> cluster.removeWorker(worker);
        }
        return true;
    }

    /** What the topic says. */
    private record Tally(int results, int distinct, int poison, int condemned, int innocent) {
        @Override
        public String toString() {
            return "jobs " + JOBS + " results " + results + " lost " + (JOBS - distinct) + " duplicates "
                    + (results - distinct) + " poison " + poison + " condemned " + condemned + " innocent condemned "
                    + innocent;
        }
    }

    private static Tally tally(FaultyCluster cluster, Map<Integer, String> poison) throws Exception {
        Map<Long, String> seen = new HashMap<>();
        int results = 0;
        int condemned = 0;
        int innocent = 0;
        for (ConsumerRecord<byte[], byte[]> record : CommittedRecords.of(cluster.clients(), Topics.DEFAULT.results())) {
            JobResult result = ResultCodec.decode(record.value());
            results++;
            String place = "partition " + record.partition() + " offset " + record.offset() + " at "
                    + record.timestamp() + " by " + result.provenance();
            String earlier = seen.put(result.id().index(), place);
            if (earlier != null) {
                System.out.println("twice: " + result.id() + ": " + earlier + "; " + place);
            }
            if (result instanceof JobResult.Failed) {
                if (poison.containsKey((int) result.id().index())) {
                    condemned++;
                } else {
                    innocent++;
                }
            }
        }
        return new Tally(results, seen.size(), poison.size(), condemned, innocent);
    }

    /** Jobs of uneven length: most short, some 20 times as long. */
    private Path input(Map<Integer, String> poison) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            int millis = random.nextInt(10) == 0 ? 500 + random.nextInt(1500) : 30 + random.nextInt(200);
            String prompt = poison.getOrDefault(i, Integer.toString(millis));
            lines.add("{\"id\": \"job-" + i + "\", \"prompt\": \"" + prompt + "\"}");
        }
        return Files.write(folder.resolve("jobs.jsonl"), lines, StandardCharsets.UTF_8);
    }

    private String runId() throws IOException {
        String checkpoint = Files.readString(folder.resolve("out").resolve(".millrace-checkpoint.json"));
        return checkpoint.replaceAll("(?s).*\"run\"\\s*:\\s*\"([0-9a-f]+)\".*", "$1");
    }

    private long collected(String output) {
        return lines(folder.resolve(output).resolve("results.jsonl.partial"));
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            return 0; // not there yet, or renamed
        }
    }

    @Test
    void anAddedWorkerTakesWorkAndARemovedOneHandsOver() throws Exception {
        int jobs = 1_500;
        List<String> input = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            input.add("\"" + (100 + random.nextInt(400)) + "\"");
        }
        Path file = Files.write(folder.resolve("jobs.jsonl"), input, StandardCharsets.UTF_8);
        try (FaultyCluster cluster = new FaultyCluster(folder, 2, SLOTS)) {
            cluster.command(
                    "run",
                    "run",
                    "--bootstrap-server=" + cluster.bootstrap(),
                    "--model=" + TimedWorkerMain.MODEL,
                    "--input-file=" + file,
                    "--output=" + folder.resolve("out"));
            assertThat(cluster.awaitWithin(WHOLE, () -> collected("out") >= 200))
                    .isTrue();

            String added = cluster.addWorker();
            assertThat(cluster.awaitWithin(Duration.ofSeconds(10), () -> lines(cluster.starts(added)) > 0))
                    .as("the added worker has work within 10 s")
                    .isTrue();
            assertThat(cluster.awaitWithin(WHOLE, () -> lines(cluster.starts(added)) > 100))
                    .isTrue();
            int twiceAfterJoin = twice(cluster);
            assertThat(twiceAfterJoin).as("jobs run twice").isLessThan(jobs / 20);

            cluster.removeWorker(added);
            assertThat(cluster.awaitWithin(WHOLE, () -> cluster.ended("run"))).isTrue();
            assertThat(twice(cluster)).as("jobs run twice after the removal").isEqualTo(twiceAfterJoin);
            System.out.println("worker added and removed: jobs " + jobs + ", run twice " + twiceAfterJoin);
        }
        assertThat(lines(folder.resolve("out").resolve("results.jsonl"))).isEqualTo(jobs);
    }

    private int twice(FaultyCluster cluster) throws IOException {
        Map<String, Integer> starts = new HashMap<>();
        for (String worker : List.of("w1", "w2", "w3")) {
            if (Files.exists(cluster.starts(worker))) {
                Files.readAllLines(cluster.starts(worker)).forEach(id -> starts.merge(id, 1, Integer::sum));
            }
        }
        return (int) starts.values().stream().filter(count -> count > 1).count();
    }
}
