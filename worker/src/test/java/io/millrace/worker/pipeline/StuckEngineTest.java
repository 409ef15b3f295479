package io.millrace.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Job;
import io.millrace.worker.decode.Jobs;
import io.millrace.worker.delivery.CommitMetadata;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A pipeline whose engine does not end its step. */
class StuckEngineTest {
    private final Ports ports = new Ports();
    private long nowNanos = 1;
    private final JobPipeline pipeline =
            new JobPipeline(PipelineConfig.of("m", "w", "o"), ports, ports, ports, () -> nowNanos, () -> 0);

    /** Commits what it is asked to, and remembers what the engine is told. Confined to the test's thread. */
    private static final class Ports implements JobSource, ResultSink, Decoder {
        final Deque<Publication> publications = new ArrayDeque<>();
        final List<Long> submitted = new ArrayList<>();
        final List<String> kills = new ArrayList<>();

        @Override
        public void publish(Publication publication) {
            publications.add(publication);
        }

        @Override
        public void submit(long ticket, Job job) {
            submitted.add(ticket);
        }

        @Override
        public void kill(String reason) {
            kills.add(reason);
        }

        @Override
        public void pause(Set<Integer> partitions) {}

        @Override
        public void resume(Set<Integer> partitions) {}

        @Override
        public void released(Set<Integer> partitions) {}

        @Override
        public void leave() {}

        @Override
        public void start(Decoder.Listener listener) {}

        @Override
        public void cancel(long ticket) {}

        @Override
        public void close() {}
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
        pipeline.tick();
        while (!ports.publications.isEmpty()) {
            ports.publications.poll();
            pipeline.published(new ResultSink.Outcome.Committed());
        }
    }

    private void engine() {
        pipeline.ready(new EngineInfo("f", "00", "d", "q", "chatml", "e", 1, 1, 1, 0, 4, 256, 512, 1, "b", 1));
    }

    private static EngineFigures figures(long steps) {
        return new EngineFigures(steps, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void itsWorkerIsNotReadyAndItIsKilledAndItsJobsRunAgain() {
        engine();
        pipeline.assigned(0, 1, 0, CommitMetadata.NONE);
        pipeline.received(List.of(new Received.Readable(0, 0, new byte[0], Jobs.asking(0, "hello"))));
        pass(Duration.ofMinutes(10));
        pass(Duration.ofSeconds(1));
        assertThat(ports.submitted).hasSize(1);

        pass(Duration.ofSeconds(50));
        assertThat(pipeline.stuck()).isEmpty();
        pipeline.figures(figures(7));
        pass(Duration.ofSeconds(50));
        assertThat(pipeline.stuck()).as("a step has ended 50 s ago").isEmpty();
        pipeline.figures(figures(7));
        pass(Duration.ofSeconds(15));
        assertThat(pipeline.stuck()).contains("no step of the engine has ended for 65 s while 1 jobs run");
        pass(Duration.ofSeconds(240));
        pass(Duration.ofSeconds(1));
        assertThat(ports.kills).containsExactly("no step of the engine has ended for 305 s while 1 jobs run");

        pipeline.died("the engine process was killed");
        assertThat(pipeline.stuck()).isEmpty();
        engine();
        pass(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
        assertThat(ports.submitted).hasSize(2);
        assertThat(pipeline.stuck()).isEmpty();
    }
}
