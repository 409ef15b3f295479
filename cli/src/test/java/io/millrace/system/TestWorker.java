package io.millrace.system;

import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.Job;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.kafka.KafkaClients;
import io.millrace.wire.Topics;
import io.millrace.worker.kafka.KafkaPollLoop;
import io.millrace.worker.kafka.RunFollower;
import io.millrace.worker.kafka.WorkerKafkaConfig;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.EngineInfo;
import io.millrace.worker.pipeline.JobPipeline;
import io.millrace.worker.pipeline.JobTraces;
import io.millrace.worker.pipeline.PipelineConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A worker in this process: the real pipeline and poll loop on a real broker, with an engine that does as a script says.
 *
 * <p>Thread-safe.
 */
final class TestWorker implements AutoCloseable {
    private static final int SLOTS = 4;

    private final int slots;
    private final ScheduledExecutorService loop =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "pipeline"));
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final JobPipeline pipeline;
    private final RunFollower follower;

    /** What the engine does with a job. */
    enum Act {
        ANSWER,
        ANSWER_IN_SIX_SECONDS,
        /** Fails it for good. */
        REFUSE,
        /** Runs it until it is cancelled. */
        HANG
    }

    TestWorker(KafkaClients clients, Topics topics, Function<Job, Act> script) {
        this(clients, topics, script, SLOTS, JobTraces.NONE);
    }

    TestWorker(KafkaClients clients, Topics topics, Function<Job, Act> script, int slots) {
        this(clients, topics, script, slots, JobTraces.NONE);
    }

    TestWorker(KafkaClients clients, Topics topics, Function<Job, Act> script, JobTraces traces) {
        this(clients, topics, script, SLOTS, traces);
    }

    private TestWorker(KafkaClients clients, Topics topics, Function<Job, Act> script, int slots, JobTraces traces) {
        this.slots = slots;
        WorkerKafkaConfig kafka = WorkerKafkaConfig.of(
                topics, SampleJobs.MODEL, "w1", clients.settings().client(), Duration.ofSeconds(2));
        KafkaPollLoop polls = new KafkaPollLoop(kafka, loop, ended::complete);
        ScriptedDecoder decoder = new ScriptedDecoder(script);
        PipelineConfig config = PipelineConfig.of(SampleJobs.MODEL, "w1", kafka.transactionalId());
        pipeline = new JobPipeline(config, polls, polls, decoder, System::nanoTime, System::currentTimeMillis, traces);
        follower = new RunFollower(kafka, loop, pipeline::cancelled, ended::complete);
        loop.execute(() -> {
            decoder.start(pipeline);
            polls.start(pipeline, pipeline);
            follower.start();
        });
        loop.scheduleWithFixedDelay(pipeline::tick, 10, 10, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws Exception {
        follower.close();
        loop.execute(pipeline::stop);
        String end = ended.get(30, TimeUnit.SECONDS);
        loop.shutdownNow();
        if (!end.isEmpty()) {
            throw new AssertionError("the worker ended: " + end);
        }
    }

    /** Answers at once, on the pipeline's thread. */
    private final class ScriptedDecoder implements Decoder {
        private final Function<Job, Act> script;
        private final Set<Long> running = ConcurrentHashMap.newKeySet();
        private Listener listener;

        ScriptedDecoder(Function<Job, Act> script) {
            this.script = script;
        }

        @Override
        public void start(Listener newListener) {
            listener = newListener;
            listener.ready(new EngineInfo(
                    "s.gguf", "00", "scripted", "F32", "chatml", "scripted 1", 1, 1, 1, 0, slots, 256, 512, 1, "s", 1));
        }

        @Override
        public void submit(long ticket, Job job) {
            running.add(ticket);
            Act act = script.apply(job);
            if (act != Act.HANG) {
                Runnable end = () -> {
                    if (running.remove(ticket)) {
                        listener.finished(List.of(outcome(ticket, act)));
                    }
                };
                loop.schedule(end, act == Act.ANSWER_IN_SIX_SECONDS ? 6 : 0, TimeUnit.SECONDS);
            }
        }

        private static Outcome outcome(long ticket, Act act) {
            return act != Act.REFUSE
                    ? new Outcome.Answered(
                            ticket,
                            List.of(new Choice(0, "ok", FinishReason.STOP, 1, 0)),
                            new Usage(1, 1, 0),
                            new Timings(0, 0, 0))
                    : new Outcome.Refused(ticket, FailureKind.CONTEXT_WINDOW_EXCEEDED, "refused by the script");
        }

        @Override
        public void cancel(long ticket) {
            running.remove(ticket);
        }

        @Override
        public void kill(String reason) {
            running.clear();
            loop.execute(() -> listener.died(reason));
        }

        @Override
        public void close() {
            running.clear();
        }
    }
}
