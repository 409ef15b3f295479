package io.millrace.worker.kafka;

import io.millrace.worker.pipeline.ResultSink;
import java.util.Map;
import java.util.Set;

/**
 * What others ask of the poll thread.
 *
 * <p>Immutable.
 */
sealed interface PollCommand {

    record Pause(Set<Integer> partitions) implements PollCommand {}

    record Resume(Set<Integer> partitions) implements PollCommand {}

    record Released(Set<Integer> partitions) implements PollCommand {}

    record Leave() implements PollCommand {}

    record Publish(ResultSink.Publication publication) implements PollCommand {}

    record BacklogCounted(Map<Integer, BacklogWatch.Left> left) implements PollCommand {}

    record TakeOverAnswered(TakeOver.Answer answer) implements PollCommand {}
}
