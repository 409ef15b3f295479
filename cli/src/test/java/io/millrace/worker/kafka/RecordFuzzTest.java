package io.millrace.worker.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import io.millrace.worker.pipeline.Received;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

final class RecordFuzzTest {
    private static final int MUTANTS = 10_000;
    private static final long SEED = 7;

    @Test
    void eachOfTenThousandMutatedRecordsIsAJobOrSaysWhyNot() {
        Job job = new Job(
                new JobId("run", 3),
                "line-4",
                List.of(new Message("system", "Be brief."), new Message("user", "What is 2 + 2?")),
                SamplingParams.DEFAULTS,
                7,
                "{\"source\":\"test\"}");
        MutatedRecords records = new MutatedRecords(job, SEED);
        int unreadable = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = records.next();
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
}
