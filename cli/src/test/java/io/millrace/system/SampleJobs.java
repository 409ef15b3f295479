package io.millrace.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.job.FailureKind;
import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.JobResult;
import io.millrace.job.Message;
import io.millrace.job.Provenance;
import io.millrace.job.SamplingParams;
import io.millrace.producer.kafka.NewRun;
import io.millrace.wire.Headers;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Jobs and results of runs for tests of the Kafka side. */
final class SampleJobs {
    static final String MODEL = "tiny";

    private SampleJobs() {}

    static NewRun run(String id) {
        return new NewRun(id, MODEL, "ab".repeat(32), 7, 1_700_000_000_000L);
    }

    static Job job(String run, long index) {
        return new Job(
                new JobId(run, index),
                "line-" + (index + 1),
                List.of(new Message("user", "What comes after " + index + "?")),
                SamplingParams.DEFAULTS,
                7,
                "");
    }

    /** The jobs from one index to below another. */
    static Iterator<Job> jobs(String run, long from, long to) {
        return LongStream.range(from, to).mapToObj(index -> job(run, index)).iterator();
    }

    static JobResult result(String run, long index) {
        return new JobResult.Failed(
                new JobId(run, index),
                "line-" + (index + 1),
                FailureKind.ENGINE_ERROR,
                "made by a test",
                new Provenance(MODEL, "00", "F16", "chatml", "none", "test", 1),
                1_700_000_000L,
                "");
    }

    static ProducerRecord<byte[], byte[]> resultRecord(Topics topics, int partition, String run, long index) {
        return resultRecord(topics, partition, run, index, ResultCodec.encode(result(run, index)));
    }

    static ProducerRecord<byte[], byte[]> resultRecord(
            Topics topics, int partition, String run, long index, byte[] value) {
        byte[] id = new JobId(run, index).toString().getBytes(UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.results(), partition, id, value);
        record.headers().add(Headers.RUN_ID, run.getBytes(UTF_8));
        record.headers().add(Headers.JOB_ID, id);
        return record;
    }
}
