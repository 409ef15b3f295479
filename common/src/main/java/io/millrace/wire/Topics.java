package io.millrace.wire;

import java.util.Locale;

/**
 * The names of topics, groups and transactional ids under one prefix, {@code millrace} by default.
 *
 * <p>Immutable.
 */
public record Topics(String prefix) {

    public static final Topics DEFAULT = new Topics("millrace");

    /** Partitions of a jobs topic: the bound of a run's parallelism. */
    public static final int JOB_PARTITIONS = 64;
    /** Partitions of the results topic: each one touched costs a marker per transaction. */
    public static final int RESULT_PARTITIONS = 16;
    /** What a record may hold at most, before compression. */
    public static final int MAX_RECORD_BYTES = 16 * 1024 * 1024;

    public Topics {
        if (!prefix.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "topic prefix '" + prefix + "' must be 1 to 64 characters of letters, digits, '.', '_' and '-'");
        }
    }

    /** Jobs for one model. */
    public String jobs(String model) {
        return prefix + ".jobs." + topicName(model);
    }

    /** Results of all runs. */
    public String results() {
        return prefix + ".results";
    }

    /** Manifests, compacted, keyed by run id. */
    public String runs() {
        return prefix + ".runs";
    }

    /** Originals of failed jobs. */
    public String dead() {
        return prefix + ".dead";
    }

    /** The consumer group of a model's workers. */
    public String group(String model) {
        return prefix + "." + topicName(model);
    }

    /** The transactional id of a run's submitter. */
    public String submitTransactionalId(String runId) {
        return prefix + "-submit-" + runId;
    }

    /** The transactional id of a worker: one per group and instance. */
    public String workerTransactionalId(String model, String instance) {
        return prefix + "-worker-" + topicName(model) + "-" + instance;
    }

    /** A model's name as a part of a topic's name: other characters than letters, digits, '.', '_' become '-'. */
    public static String topicName(String model) {
        String name = model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
        if (name.isEmpty() || name.length() > 128) {
            throw new IllegalArgumentException(
                    "model name '" + model + "' must be 1 to 128 characters; give another by --model-name");
        }
        return name;
    }
}
