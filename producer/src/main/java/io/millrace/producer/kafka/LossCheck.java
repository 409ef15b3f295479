package io.millrace.producer.kafka;

import io.millrace.job.JobModels;
import io.millrace.job.RunManifest;
import io.millrace.kafka.KafkaClients;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds out whether jobs of a sealed run got lost: the workers are through with everything that was in its jobs topics
 * when the check began, and then the results topic is read to its end, and yet results are missing. One look is not
 * enough, since a broker shows a committed transaction in one topic before the other; so it takes two, each with an end
 * of the results that is asked for after the workers' offsets.
 *
 * <p>Confined to the collecting thread.
 */
public final class LossCheck {
    private static final int LOOKS = 2;

    private final KafkaClients clients;
    private final Topics topics;
    private final JobModels models;
    private final Duration patience;
    /** By model. */
    private final Map<String, Map<Integer, Long>> jobEnds = new HashMap<>();

    private Map<Integer, Long> resultEnds = Map.of();
    private int looks;

    /** A check of the run as it is now: with a later manifest, another check is needed. */
    public LossCheck(KafkaClients clients, Topics topics, RunManifest run, Duration patience) {
        this.clients = clients;
        this.topics = topics;
        this.models = run.models();
        this.patience = patience;
    }

    /**
     * One look, to be made while results are missing, again and again with a pause between.
     *
     * @param positions how far the results are read
     * @return whether what is missing now is lost
     */
    public boolean look(Map<Integer, Long> positions) {
        if (!resultEnds.isEmpty()) {
            if (resultEnds.entrySet().stream()
                    .anyMatch(end -> positions.getOrDefault(end.getKey(), 0L) < end.getValue())) {
                return false;
            }
            looks++;
            resultEnds = Map.of();
            if (looks == LOOKS) {
                return true;
            }
        }
        try (TopicEnds ends = new TopicEnds(clients, patience)) {
            if (through(ends)) {
                resultEnds = ends.log(topics.results());
            } else {
                looks = 0;
            }
        }
        return false;
    }

    /** Whether the workers of all models have finished every job that was in their topic at the first look. */
    private boolean through(TopicEnds ends) {
        return models.distinct().stream().allMatch(model -> through(ends, model));
    }

    private boolean through(TopicEnds ends, String model) {
        String jobs = topics.jobs(model);
        Map<Integer, Long> end = jobEnds.computeIfAbsent(model, first -> ends.log(jobs));
        Map<Integer, Long> stable = ends.stable(jobs);
        if (end.entrySet().stream().anyMatch(one -> stable.getOrDefault(one.getKey(), 0L) < one.getValue())) {
            return false;
        }
        GroupLag lag = GroupLag.read(clients, topics, model, end, patience);
        return lag.total() == 0 && lag.withoutOffset().isEmpty();
    }
}
