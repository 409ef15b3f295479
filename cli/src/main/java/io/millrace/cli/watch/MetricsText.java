package io.millrace.cli.watch;

import io.millrace.producer.view.WorkerFigures;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A worker's {@code /metrics}, Prometheus text of version 0.0.4, read.
 *
 * <p>Thread-safe.
 */
final class MetricsText {
    private static final Pattern LINE =
            Pattern.compile("(millrace_[a-z0-9_]++)\\{((?:[a-z0-9_]++=\"(?:[^\"\\\\]|\\\\.)*+\",?)*+)} (\\S++).*+");
    private static final Pattern LABEL = Pattern.compile("([a-z0-9_]++)=\"((?:[^\"\\\\]|\\\\.)*+)\"");

    private MetricsText() {}

    /** What the worker says of itself; empty where the text is no worker's. */
    static Optional<WorkerFigures> figures(String text) {
        Map<String, Double> values = new HashMap<>();
        Map<String, String> labels = new HashMap<>();
        for (String line : text.split("\n")) {
            Matcher parts = LINE.matcher(line);
            if (parts.matches()) {
                number(parts.group(3)).ifPresent(value -> values.put(parts.group(1), value));
                LABEL.matcher(parts.group(2))
                        .results()
                        .forEach(label -> labels.putIfAbsent(label.group(1), unescaped(label.group(2))));
            }
        }
        if (!values.containsKey("millrace_engine_up") || !labels.containsKey("worker")) {
            return Optional.empty();
        }
        return Optional.of(new WorkerFigures(
                labels.get("worker"),
                labels.getOrDefault("model_name", ""),
                values.get("millrace_engine_up") > 0,
                whole(values, "millrace_slots"),
                whole(values, "millrace_num_requests_running"),
                whole(values, "millrace_jobs_waiting") + whole(values, "millrace_num_requests_waiting"),
                (int) whole(values, "millrace_partitions_owned"),
                whole(values, "millrace_prompt_tokens_total"),
                whole(values, "millrace_generation_tokens_total"),
                values.getOrDefault("millrace_kv_cache_usage_perc", 0.0),
                whole(values, "millrace_group_backlog")));
    }

    private static Optional<Double> number(String text) {
        try {
            return Optional.of(Double.valueOf(text)).filter(Double::isFinite);
        } catch (NumberFormatException e) {
            return Optional.empty(); // +Inf as Prometheus writes it
        }
    }

    private static long whole(Map<String, Double> values, String name) {
        return Math.round(values.getOrDefault(name, 0.0));
    }

    private static String unescaped(String label) {
        return label.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\");
    }
}
