package io.millrace.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.job.Job;
import io.millrace.job.Traceparent;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.TopicSetup;
import io.millrace.otel.TraceSettings;
import io.millrace.otel.Tracing;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.producer.otel.SubmitSpans;
import io.millrace.producer.plan.SubmitTraces;
import io.millrace.system.OtlpReceiver.Received;
import io.millrace.system.TestWorker.Act;
import io.millrace.wire.Headers;
import io.millrace.wire.Topics;
import io.millrace.worker.otel.JobSpans;
import io.millrace.worker.pipeline.JobTraces;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

@ExtendWith(SharedBroker.Extension.class)
final class TracesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int JOBS = 25;
    private static final Optional<Traceparent> CALLER =
            Traceparent.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    private final KafkaClients clients;
    private final Topics topics;

    TracesTest(SharedBroker broker) {
        clients = broker.clients();
        topics = broker.freshTopics();
        new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, 4);
    }

    private static Tracing tracing(String url, String service, boolean content) {
        return new Tracing(new TraceSettings(Optional.of(url), content), service, Map.of("service.instance.id", "w1"));
    }

    private static Act refusesEveryFifth(long index) {
        return index % 5 == 0 ? Act.REFUSE : Act.ANSWER;
    }

    private void submit(String run, SubmitTraces traces) {
        SubmitOptions options =
                new SubmitOptions(10, Long.MAX_VALUE, () -> 0, jobs -> {}, () -> false, PATIENCE, traces);
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run(run), options)) {
            submitter.submit(SampleJobs.jobs(run, 0, JOBS));
        }
    }

    /** Runs the jobs with a worker that tells of them, and waits for their results. */
    private List<ConsumerRecord<byte[], byte[]>> work(JobTraces traces) throws Exception {
        Function<Job, Act> script = job -> refusesEveryFifth(job.id().index());
        try (TestWorker worker = new TestWorker(clients, topics, script, traces)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < deadline) {
                List<ConsumerRecord<byte[], byte[]>> results = CommittedRecords.of(clients, topics.results());
                if (results.size() == JOBS) {
                    return results;
                }
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
        throw new AssertionError("the results did not come");
    }

    private static Map<String, String> traceparents(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().collect(Collectors.toMap(record -> new String(record.key(), UTF_8), record -> {
            Header header = record.headers().lastHeader(Headers.TRACEPARENT);
            return header == null ? "" : new String(header.value(), UTF_8);
        }));
    }

    @Test
    void eachJobsSpanIsAChildOfTheChunkThatSentItAndItsResultCarriesItOn() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver()) {
            try (Tracing submitting = tracing(receiver.url(), "submits", false);
                    SubmitSpans spans = new SubmitSpans(submitting.tracer(), "run", "traced", Optional.empty())) {
                submit("traced", spans);
            }
            List<ConsumerRecord<byte[], byte[]>> results;
            try (Tracing working = tracing(receiver.url(), "works", false)) {
                results = work(new JobSpans(working.tracer(), SampleJobs.MODEL, false, System::currentTimeMillis));
            }

            Received command = receiver.spans(SpanKind.SPAN_KIND_INTERNAL).stream()
                    .filter(span -> span.span().getName().equals("run"))
                    .findFirst()
                    .orElseThrow();
            List<Received> chunks = receiver.spans(SpanKind.SPAN_KIND_PRODUCER);
            assertThat(chunks).hasSize(3).allSatisfy(chunk -> {
                assertThat(chunk.service()).isEqualTo("submits");
                assertThat(chunk.span().getName()).isEqualTo("send " + topics.jobs(SampleJobs.MODEL));
                assertThat(chunk.parent()).as("a trace of its own").isEmpty();
                assertThat(HexFormat.of()
                                .formatHex(chunk.span().getLinks(0).getSpanId().toByteArray()))
                        .isEqualTo(command.id());
            });
            assertThat(chunks)
                    .extracting(chunk -> chunk.number("messaging.batch.message_count"))
                    .containsExactlyInAnyOrder(10L, 10L, 5L);

            Map<String, Received> chunkById = chunks.stream().collect(Collectors.toMap(Received::id, chunk -> chunk));
            Map<String, String> sent = traceparents(CommittedRecords.of(clients, topics.jobs(SampleJobs.MODEL)));
            Map<String, String> carriedOn = traceparents(results);
            assertThat(receiver.jobs()).hasSize(JOBS).allSatisfy(job -> {
                String id = job.text("millrace.job");
                Received chunk = chunkById.get(job.parent());
                assertThat(chunk).as("the parent of %s", id).isNotNull();
                assertThat(job.trace()).isEqualTo(chunk.trace());
                assertThat(sent.get(id)).startsWith(chunk.traceparent());
                assertThat(carriedOn.get(id)).startsWith(job.traceparent());
                assertThat(job.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_INTERNAL);
                assertThat(job.span().getName()).isEqualTo("chat " + SampleJobs.MODEL);
                told(job, Long.parseLong(id.substring(id.lastIndexOf('-') + 1)));
            });
            assertThat(receiver.spans().toString())
                    .as("neither prompts nor answers")
                    .doesNotContain("What comes after", "\"ok\"", "refused by the script");
        }
    }

    private static void told(Received job, long index) {
        assertThat(job.service()).isEqualTo("works");
        assertThat(job.text("gen_ai.operation.name")).isEqualTo("chat");
        assertThat(job.text("gen_ai.request.model")).isEqualTo(SampleJobs.MODEL);
        assertThat(job.text("millrace.run")).isEqualTo("traced");
        assertThat(job.number("millrace.attempt")).isEqualTo(1);
        assertThat(job.number("gen_ai.request.max_tokens")).isEqualTo(256);
        assertThat(job.span().getEndTimeUnixNano())
                .isGreaterThanOrEqualTo(job.span().getStartTimeUnixNano());
        if (refusesEveryFifth(index) == Act.REFUSE) {
            assertThat(job.text("error.type")).isEqualTo("CONTEXT_WINDOW_EXCEEDED");
            assertThat(job.span().getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        } else {
            assertThat(job.attribute("error.type")).isEmpty();
            assertThat(job.number("gen_ai.usage.input_tokens")).isEqualTo(1);
            assertThat(job.number("gen_ai.usage.output_tokens")).isEqualTo(1);
            assertThat(job.attribute("gen_ai.response.finish_reasons")
                            .orElseThrow()
                            .getArrayValue()
                            .getValues(0)
                            .getStringValue())
                    .isEqualTo("stop");
            assertThat(job.events()).containsExactly("millrace.prefill", "millrace.first_token", "millrace.last_token");
        }
    }

    @Test
    void promptsAndAnswersAreInTheSpansOfAWorkerThatWasAskedForThem() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver()) {
            submit("told", SubmitTraces.NONE);
            try (Tracing working = tracing(receiver.url(), "works", true)) {
                work(new JobSpans(working.tracer(), SampleJobs.MODEL, true, System::currentTimeMillis));
            }
            assertThat(receiver.jobs()).hasSize(JOBS).allSatisfy(job -> {
                assertThat(job.parent())
                        .as("nobody submitted it as part of a trace")
                        .isEmpty();
                String index = job.text("millrace.job").replaceAll(".*-", "");
                assertThat(job.text("gen_ai.input.messages"))
                        .contains("\"role\":\"user\"", "\"content\":\"What comes after " + index + "?\"");
                if (refusesEveryFifth(Long.parseLong(index)) == Act.ANSWER) {
                    assertThat(job.text("gen_ai.output.messages"))
                            .contains("\"content\":\"ok\"", "\"finish_reason\":\"stop\"");
                } else {
                    assertThat(job.span().getStatus().getMessage()).isEqualTo("refused by the script");
                }
            });
        }
    }

    @Test
    void theCallersTraceIsPassedOnWithoutACollectorAndNoneIsMadeUpWithoutACaller() throws Exception {
        submit("passed", SubmitTraces.passing(CALLER));
        assertThat(traceparents(work(JobTraces.NONE)).values())
                .hasSize(JOBS)
                .containsOnly(CALLER.orElseThrow().text());
    }

    @Test
    void withACallersTraceEverythingIsPartOfIt() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver()) {
            try (Tracing submitting = tracing(receiver.url(), "submits", false);
                    SubmitSpans spans = new SubmitSpans(submitting.tracer(), "run", "whole", CALLER)) {
                submit("whole", spans);
            }
            try (Tracing working = tracing(receiver.url(), "works", false)) {
                work(new JobSpans(working.tracer(), SampleJobs.MODEL, false, System::currentTimeMillis));
            }
            assertThat(receiver.spans()).hasSize(1 + 3 + JOBS);
            assertThat(receiver.spans()).extracting(Received::trace).containsOnly("4bf92f3577b34da6a3ce929d0e0e4736");
        }
    }

    @Test
    void aCollectorThatIsAwayCostsALineAndNoJob() throws Exception {
        String nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = "http://127.0.0.1:" + socket.getLocalPort();
        }
        worksAsWithoutCollector("away", nobody);
    }

    @Test
    void aCollectorThatNeverAnswersHoldsNobodyUp() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver()) {
            receiver.fallSilent();
            worksAsWithoutCollector("silent", receiver.url());
        }
    }

    private void worksAsWithoutCollector(String run, String url) throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("io.millrace.otel");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            submit(run, SubmitTraces.NONE);
            long closing;
            try (Tracing working = tracing(url, "works", false)) {
                assertThat(work(new JobSpans(working.tracer(), SampleJobs.MODEL, false, System::currentTimeMillis)))
                        .hasSize(JOBS);
                closing = System.nanoTime();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - closing)).isLessThan(Duration.ofSeconds(5));
            assertThat(lines.list).hasSizeLessThan(2);
        } finally {
            logger.detachAppender(lines);
        }
    }
}
