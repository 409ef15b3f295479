package io.millrace.producer.report;

import java.util.List;

/**
 * Tasks with their answers at each point of a sweep, of one source or of several that are compared.
 *
 * <p>Immutable.
 *
 * @param points each with its source among those before it
 * @param tasks each with as many answers as there are points, in their order
 * @param scorers names, in the order of the report
 * @param notes what whoever reads the report has to know, such as how finish reasons were told
 */
public record Evaluation(
        List<Source> sources, List<Point> points, List<EvaluatedTask> tasks, List<String> scorers, List<String> notes) {

    public Evaluation {
        sources = List.copyOf(sources);
        points = List.copyOf(points);
        tasks = List.copyOf(tasks);
        scorers = List.copyOf(scorers);
        notes = List.copyOf(notes);
        for (Point point : points) {
            if (point.source() < 0 || point.source() >= sources.size()) {
                throw new IllegalArgumentException("point " + point.id() + " has no source " + point.source());
            }
        }
        for (EvaluatedTask task : tasks) {
            if (task.answers().size() != points.size()) {
                throw new IllegalArgumentException("task " + task.id() + " has "
                        + task.answers().size() + " answers at " + points.size() + " points");
            }
        }
    }

    /** Samples of all tasks and points. */
    public long samples() {
        long samples = 0;
        for (EvaluatedTask task : tasks) {
            for (Answer answer : task.answers()) {
                samples += answer.samples().size();
            }
        }
        return samples;
    }

    /** The point's label, with its source's name where there are several. */
    public String name(int point) {
        Point named = points.get(point);
        return sources.size() == 1 ? named.label() : sources.get(named.source()).name() + ": " + named.label();
    }
}
