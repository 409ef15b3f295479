package io.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.job.Choice;
import io.millrace.job.FinishReason;
import io.millrace.job.Job;
import io.millrace.job.JobResult;
import io.millrace.job.Provenance;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.wire.Headers;
import io.millrace.wire.JobCodec;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Stands in for a worker where only the ways to and from it are measured: answers every job with its own prompt, in
 * transactions as a worker's, and keeps no offsets. Arguments: bootstrap server, topic prefix, model, number of jobs.
 *
 * <p>Confined to the main thread.
 */
public final class EchoWorker {
    private static final Provenance PROVENANCE =
            new Provenance("echo", "0".repeat(64), "none", "chatml", "echo", "echo-1", 1);
    private static final int RESULT_PARTITIONS = 16;

    private EchoWorker() {}

    public static void main(String[] arguments) {
        KafkaClients clients = new KafkaClients(KafkaSettings.of(arguments[0]));
        Topics topics = new Topics(arguments[1]);
        String model = arguments[2];
        long jobs = Long.parseLong(arguments[3]);
        long start = System.nanoTime();
        try (Consumer<byte[], byte[]> consumer = clients.consumer("echo");
                Producer<byte[], byte[]> producer = clients.transactionalProducer("echo", "echo-" + start)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topics.jobs(model)).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
            begin.forEach(consumer::seek);
            producer.initTransactions();
            for (long done = 0; done < jobs; ) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
                if (records.isEmpty()) {
                    continue;
                }
                producer.beginTransaction();
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    producer.send(answer(topics, JobCodec.decode(record.value())));
                    done++;
                }
                producer.commitTransaction();
            }
        }
        System.out.printf("echoed %d jobs in %.1f s%n", jobs, (System.nanoTime() - start) / 1e9);
    }

    private static ProducerRecord<byte[], byte[]> answer(Topics topics, Job job) {
        JobResult result = new JobResult.Completed(
                job.id(),
                job.customId(),
                List.of(new Choice(0, job.messages().get(0).content(), FinishReason.STOP, 12, 1)),
                new Usage(20, 12, 8),
                new Timings(1, 2, 30),
                PROVENANCE,
                System.currentTimeMillis() / 1000,
                job.metadata());
        byte[] id = job.id().toString().getBytes(UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topics.results(), (int) (job.id().index() / 1000 % RESULT_PARTITIONS), id, ResultCodec.encode(result));
        record.headers().add(Headers.RUN_ID, job.id().runId().getBytes(UTF_8));
        record.headers().add(Headers.JOB_ID, id);
        return record;
    }
}
