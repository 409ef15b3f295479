package io.millrace.producer.plan;

import io.millrace.job.InvalidFieldException;
import io.millrace.job.JobModels;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The points that a run tries on each of its tasks: a job for every task and point, all points of a task side by side, so
 * that jobs with the same prompt come one after the other.
 *
 * <p>Immutable.
 */
public record Sweep(List<SweepPoint> points) {
    /** More than anybody reads. */
    public static final int MAX_POINTS = 1_000;

    /** The field of a job's metadata that says which task and point it is. */
    public static final String FIELD = "sweep";

    /** The field in it that keeps the user's message where a template took its place. */
    public static final String PROMPT = "prompt";

    public Sweep {
        points = List.copyOf(points);
        if (points.isEmpty() || points.size() > MAX_POINTS) {
            throw new InvalidFieldException(
                    "points", Integer.toString(points.size()), "must be 1 to " + MAX_POINTS + " in number");
        }
        Set<String> ids = new HashSet<>();
        for (SweepPoint point : points) {
            if (!ids.add(point.id())) {
                throw new IllegalArgumentException("two points are called " + point.id());
            }
        }
    }

    /** The point that the job with this index belongs to. */
    public SweepPoint pointOf(long jobIndex) {
        return points.get((int) (jobIndex % points.size()));
    }

    /** A job's custom id, and its metadata with the task and the point in it. */
    static String customId(Task task, SweepPoint point) {
        return task.customId() + '@' + point.id();
    }

    static String metadata(Task task, SweepPoint point) {
        String prompt =
                point.template().isEmpty() ? "" : ",\"" + PROMPT + "\":\"" + escaped(SweepPoint.prompt(task)) + '"';
        String tag = "\"" + FIELD + "\":{\"task\":\"" + escaped(task.customId()) + "\",\"point\":\"" + point.id() + '"'
                + prompt + "}}";
        if (task.metadata().isEmpty()) {
            return "{" + tag;
        }
        String fields = task.metadata().substring(0, task.metadata().lastIndexOf('}'));
        return fields + (fields.strip().endsWith("{") ? "" : ",") + tag;
    }

    /** As the inside of a JSON string. */
    private static String escaped(String text) {
        StringBuilder json = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.toString();
    }

    /** The models that points name, each once, in order. */
    public Set<String> models() {
        return points.stream()
                .flatMap(point -> point.model().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether every point names its model. */
    public boolean namesAllModels() {
        return points.stream().allMatch(point -> point.model().isPresent());
    }

    /** Which models the jobs of the points ask for, where points without one have the run's. */
    JobModels jobModels(String ofRun) {
        List<String> inTurn =
                points.stream().map(point -> point.model().orElse(ofRun)).toList();
        return inTurn.stream().distinct().count() == 1 ? JobModels.of(inTurn.get(0)) : new JobModels(inTurn);
    }

    /** The same with other names for its models. */
    public Sweep withModels(UnaryOperator<String> name) {
        return new Sweep(points.stream().map(point -> point.withModel(name)).toList());
    }

    /** One text for sweeps with equal jobs, another for different ones. */
    public String canonical() {
        return points.stream().map(SweepPoint::canonical).collect(Collectors.joining("\n"));
    }
}
