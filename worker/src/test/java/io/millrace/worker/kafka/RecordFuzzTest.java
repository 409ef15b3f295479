package io.millrace.worker.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import io.millrace.wire.JobCodec;
import io.millrace.worker.pipeline.Received;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

final class RecordFuzzTest {
    private static final int MUTANTS = 10_000;
    private static final long SEED = 7;
    private static final String[] PIECES = {
        "null",
        "{}",
        "[]",
        "-1",
        "1e999",
        "99999999999999999999",
        "\"\"",
        "\\u0000",
        "\\ud800",
        "{\"a\":",
        "[[[[[[",
        "true",
        ":",
        ",",
        "\"n\":"
    };

    @Test
    void eachOfTenThousandMutatedRecordsIsAJobOrSaysWhyNot() {
        byte[] job = JobCodec.encode(new Job(
                new JobId("run", 3),
                "line-4",
                List.of(new Message("system", "Be brief."), new Message("user", "What is 2 + 2?")),
                SamplingParams.DEFAULTS,
                7,
                "{\"source\":\"test\"}"));
        Random random = new Random(SEED);
        int unreadable = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = mutate(job, random);
            Received received = RecordReader.read(new ConsumerRecord<>("jobs", 0, i, new byte[0], mutant));
            if (received instanceof Received.Unreadable bad) {
                unreadable++;
                assertThat(bad.reason()).as("mutant %d", i).isNotBlank().hasSizeLessThan(2_000);
            }
        }
        System.out.printf(
                "mutated job records: %d, refused %d, still jobs %d%n", MUTANTS, unreadable, MUTANTS - unreadable);
        assertThat(unreadable).isGreaterThan(MUTANTS / 2);
    }

    @Test
    void deepNestingAndNothingAtAllAreRefused() {
        assertThat(read(new byte[0])).isInstanceOf(Received.Unreadable.class);
        assertThat(read("[".repeat(200_000).getBytes(StandardCharsets.UTF_8))).isInstanceOf(Received.Unreadable.class);
        assertThat(read(("{\"v\":1,\"id\":" + "{\"a\":".repeat(100_000)).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Received.Unreadable.class);
    }

    private static Received read(byte[] value) {
        return RecordReader.read(new ConsumerRecord<>("jobs", 0, 0, new byte[0], value));
    }

    private static byte[] mutate(byte[] job, Random random) {
        byte[] mutant = job.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(mutant.length);
            mutant = switch (random.nextInt(6)) {
                case 0 -> with(mutant, at, (byte) (mutant[at] ^ 1 << random.nextInt(8)));
                case 1 -> with(mutant, at, (byte) random.nextInt(256));
                case 2 -> Arrays.copyOf(mutant, Math.max(1, at));
                case 3 -> splice(mutant, at, at, PIECES[random.nextInt(PIECES.length)]);
                case 4 -> splice(mutant, at, Math.min(mutant.length, at + random.nextInt(20)), "");
                default ->
                    splice(
                            mutant,
                            at,
                            Math.min(mutant.length, at + random.nextInt(6)),
                            PIECES[random.nextInt(PIECES.length)]);
            };
        }
        return mutant;
    }

    private static byte[] with(byte[] bytes, int at, byte value) {
        byte[] changed = bytes.clone();
        changed[at] = value;
        return changed;
    }

    /** The bytes with something else in place of a part; one byte is always left. */
    private static byte[] splice(byte[] bytes, int from, int to, String piece) {
        byte[] middle = piece.getBytes(StandardCharsets.UTF_8);
        byte[] spliced = new byte[Math.max(1, bytes.length - (to - from) + middle.length)];
        System.arraycopy(bytes, 0, spliced, 0, Math.min(from, spliced.length));
        System.arraycopy(middle, 0, spliced, from, Math.min(middle.length, spliced.length - from));
        int tail = Math.min(bytes.length - to, spliced.length - from - middle.length);
        if (tail > 0) {
            System.arraycopy(bytes, to, spliced, from + middle.length, tail);
        }
        return spliced;
    }
}
