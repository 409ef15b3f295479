package io.millrace.system;

import io.millrace.job.Choice;
import io.millrace.job.FinishReason;
import io.millrace.job.Job;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.worker.kafka.KafkaPollLoop;
import io.millrace.worker.kafka.WorkerKafkaConfig;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.EngineInfo;
import io.millrace.worker.pipeline.JobPipeline;
import io.millrace.worker.pipeline.PipelineConfig;
import io.millrace.worker.pipeline.PipelineFigures;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A worker in this process, the real pipeline and poll loop on a real broker, whose engine has a few slots in which every
 * job takes the same time.
 *
 * <p>Thread-safe.
 */
final class TimedWorker implements AutoCloseable {
    static final int SLOTS = 4;

    private final ScheduledExecutorService loop =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "pipeline"));
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final JobPipeline pipeline;
    private final AtomicInteger started = new AtomicInteger();

    TimedWorker(WorkerKafkaConfig kafka, long jobMillis) {
        KafkaPollLoop polls = new KafkaPollLoop(kafka, loop, ended::complete);
        PipelineConfig config = PipelineConfig.of(SampleJobs.MODEL, kafka.instance(), kafka.transactionalId());
        TimedDecoder decoder = new TimedDecoder(jobMillis);
        pipeline = new JobPipeline(config, polls, polls, decoder, System::nanoTime, System::currentTimeMillis);
        loop.execute(() -> {
            decoder.start(pipeline);
            polls.start(pipeline, pipeline);
        });
        loop.scheduleWithFixedDelay(pipeline::tick, 10, 10, TimeUnit.MILLISECONDS);
    }

    List<Integer> owned() throws Exception {
        return loop.submit(() -> pipeline.owned()).get(30, TimeUnit.SECONDS);
    }

    PipelineFigures figures() throws Exception {
        return loop.submit(() -> pipeline.figures()).get(30, TimeUnit.SECONDS);
    }

    /** How many jobs its engine has begun, those that were cut off included. */
    int started() {
        return started.get();
    }

    @Override
    public void close() throws Exception {
        loop.execute(pipeline::stop);
        String end = ended.get(30, TimeUnit.SECONDS);
        loop.shutdownNow();
        if (!end.isEmpty()) {
            throw new AssertionError("the worker ended: " + end);
        }
    }

    /** All of it happens on the pipeline's thread. */
    private final class TimedDecoder implements Decoder {
        private final long jobMillis;
        private final Deque<Long> waiting = new ArrayDeque<>();
        private final Set<Long> running = new HashSet<>();
        private Listener listener;

        TimedDecoder(long jobMillis) {
            this.jobMillis = jobMillis;
        }

        @Override
        public void start(Listener newListener) {
            listener = newListener;
            listener.ready(new EngineInfo(
                    "t.gguf", "00", "timed", "F32", "chatml", "timed 1", 1, 1, 1, 0, SLOTS, 256, 512, 1, "t", 1));
        }

        @Override
        public void submit(long ticket, Job job) {
            waiting.add(ticket);
            fill();
        }

        private void fill() {
            while (running.size() < SLOTS && !waiting.isEmpty()) {
                long ticket = waiting.remove();
                running.add(ticket);
                started.incrementAndGet();
                loop.schedule(() -> end(ticket), jobMillis, TimeUnit.MILLISECONDS);
            }
        }

        private void end(long ticket) {
            if (running.remove(ticket)) {
                fill();
                listener.finished(List.of(new Outcome.Answered(
                        ticket,
                        List.of(new Choice(0, "ok", FinishReason.STOP, 1, 0)),
                        new Usage(1, 1, 0),
                        new Timings(0, 0, 0))));
            }
        }

        @Override
        public void cancel(long ticket) {
            running.remove(ticket);
            waiting.remove(ticket);
            fill();
        }

        @Override
        public void close() {
            running.clear();
            waiting.clear();
        }
    }
}
