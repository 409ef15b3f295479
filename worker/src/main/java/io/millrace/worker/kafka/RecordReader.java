package io.millrace.worker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.job.JobId;
import io.millrace.job.Traceparent;
import io.millrace.wire.Headers;
import io.millrace.wire.JobCodec;
import io.millrace.wire.WireException;
import io.millrace.worker.pipeline.Received;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Records of the jobs topic to what the pipeline takes. Thread-safe. */
final class RecordReader {

    private RecordReader() {}

    static Received read(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        try {
            return new Received.Readable(
                    record.partition(), record.offset(), value, JobCodec.decode(value), trace(record));
        } catch (WireException | IllegalArgumentException e) {
            return new Received.Unreadable(
                    record.partition(),
                    record.offset(),
                    value,
                    id(record),
                    replay(record),
                    e.getMessage(),
                    trace(record));
        }
    }

    private static Optional<Traceparent> trace(ConsumerRecord<byte[], byte[]> record) {
        return Traceparent.of(text(record, Headers.TRACEPARENT));
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }

    private static int replay(ConsumerRecord<byte[], byte[]> record) {
        String text = text(record, Headers.REPLAY);
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static Optional<JobId> id(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(Headers.JOB_ID);
        if (header == null || header.value() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(JobId.parse(new String(header.value(), UTF_8)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
