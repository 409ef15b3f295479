package io.millrace.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Job;
import io.millrace.worker.decode.Jobs;
import io.millrace.worker.delivery.CommitMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Publications that are not committed. */
class PublisherTest {
    private final List<ResultSink.Publication> publications = new ArrayList<>();
    private final Admission admission = new Admission();
    private final Publisher publisher = new Publisher(PipelineConfig.of("m", "w", "o"), admission, publications::add);
    private final PartitionWork ordinary = partition(0);
    private final PartitionWork suspected = partition(1);
    private long nowNanos = 1;

    private PartitionWork partition(int number) {
        PartitionWork partition = new PartitionWork(number, 1, 0, CommitMetadata.NONE);
        partition.tracker.take(0);
        admission.add(partition);
        return partition;
    }

    private void publish(ResultSink.Outcome outcome) {
        int before = publications.size();
        nowNanos += Duration.ofSeconds(1).toNanos();
        publisher.publishIfDue(nowNanos, true, new Drain(1));
        if (publications.size() > before) {
            publisher.answered(outcome);
        }
    }

    private static TakenJob taken(PartitionWork partition, Job job) {
        return new TakenJob(partition, new Received.Readable(partition.number, 0, new byte[0], job));
    }

    /** What the next one would say of the partition is what is committed, and so is not said again. */
    @Test
    void aJobMayStartByTheFormerPermitWhenTheOneThatWithdrewItWasAborted() {
        TakenJob job = taken(ordinary, Jobs.asking(0, "hello"));
        admission.enqueue(job);
        publish(new ResultSink.Outcome.Committed());
        assertThat(job.permitted()).isTrue();

        suspected.tracker.lose(0);
        TakenJob suspect = taken(suspected, Jobs.asking(1, "hello"));
        admission.enqueue(suspect);
        publish(new ResultSink.Outcome.Aborted("generation"));
        assertThat(publications.get(1).commits()).containsKey(0);

        admission.takeWaiting(taken -> taken == suspect);
        publish(new ResultSink.Outcome.Committed());
        assertThat(job.permitted()).isTrue();
        assertThat(admission.next(nowNanos)).contains(job);
    }
}
