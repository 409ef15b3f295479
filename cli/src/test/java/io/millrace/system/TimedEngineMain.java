package io.millrace.system;

import io.millrace.job.Choice;
import io.millrace.job.FinishReason;
import io.millrace.job.Job;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import io.millrace.worker.remote.EngineServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * An engine process without a model. A job's prompt says how many milliseconds it takes, or that it kills: {@value
 * #ABORTS} this process, {@value #KILLS_WORKER} the worker. Arguments: slots, and a file to which each start of a job adds
 * its id.
 */
public final class TimedEngineMain {
    static final String ABORTS = "abort";
    static final String KILLS_WORKER = "kill the worker";
    /** As a failed native assertion ends a process. */
    private static final int ABORTED = 134;

    private TimedEngineMain() {}

    public static void main(String[] arguments) {
        Decoder decoder = new TimedDecoder(Integer.parseInt(arguments[0]), Path.of(arguments[1]));
        Runtime.getRuntime().halt(EngineServer.serve(decoder));
    }

    /** All of it happens on one thread. */
    private static final class TimedDecoder implements Decoder {
        private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        private final int slots;
        private final Path starts;
        private final Deque<Submitted> waiting = new ArrayDeque<>();
        private final Set<Long> running = new HashSet<>();
        private Listener listener;
        private long steps;

        private record Submitted(long ticket, Job job) {}

        TimedDecoder(int slots, Path starts) {
            this.slots = slots;
            this.starts = starts;
        }

        @Override
        public void start(Listener newListener) {
            listener = newListener;
            listener.ready(new EngineInfo(
                    "t.gguf", "00", "timed", "F32", "chatml", "timed 1", 1, 1, 1, 0, slots, 256, 512, 1, "t", 1));
            thread.scheduleWithFixedDelay(
                    () -> listener.figures(new EngineFigures(++steps, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
                    1,
                    1,
                    TimeUnit.SECONDS);
        }

        @Override
        public void submit(long ticket, Job job) {
            thread.execute(() -> {
                waiting.add(new Submitted(ticket, job));
                fill();
            });
        }

        private void fill() {
            while (running.size() < slots && !waiting.isEmpty()) {
                Submitted next = waiting.remove();
                running.add(next.ticket());
                note(next.job());
                run(next.ticket(), next.job().messages().get(0).content());
            }
        }

        private void run(long ticket, String prompt) {
            switch (prompt) {
                case ABORTS -> thread.schedule(() -> Runtime.getRuntime().halt(ABORTED), 50, TimeUnit.MILLISECONDS);
                case KILLS_WORKER ->
                    thread.schedule(
                            () -> ProcessHandle.current().parent().ifPresent(ProcessHandle::destroyForcibly),
                            50,
                            TimeUnit.MILLISECONDS);
                default -> thread.schedule(() -> end(ticket), Long.parseLong(prompt), TimeUnit.MILLISECONDS);
            }
        }

        private void note(Job job) {
            try {
                Files.writeString(
                        starts,
                        job.id() + "\n",
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void end(long ticket) {
            if (running.remove(ticket)) {
                listener.finished(List.of(new Outcome.Answered(
                        ticket,
                        List.of(new Choice(0, "ok", FinishReason.STOP, 1, 0)),
                        new Usage(1, 1, 0),
                        new Timings(0, 0, 0))));
                fill();
            }
        }

        @Override
        public void cancel(long ticket) {
            thread.execute(() -> {
                running.remove(ticket);
                waiting.removeIf(submitted -> submitted.ticket() == ticket);
                fill();
            });
        }

        @Override
        public void kill(String reason) {
            throw new UnsupportedOperationException(reason);
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }
}
