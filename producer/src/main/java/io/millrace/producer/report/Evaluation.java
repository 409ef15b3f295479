package io.millrace.producer.report;

import java.util.List;
import java.util.StringJoiner;

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

    private static final int LONGEST_NAME = 16;

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

    /** The point's label, with its source's short name where there are several. */
    public String name(int point) {
        Point named = points.get(point);
        return sources.size() == 1 ? named.label() : shortName(named.source()) + ": " + named.label();
    }

    /** The source's name; a letter where some name is too long to stand before every point. */
    public String shortName(int source) {
        boolean fit = sources.stream().allMatch(other -> other.name().length() <= LONGEST_NAME);
        return fit ? sources.get(source).name() : letters(source);
    }

    /** What this is about: its sources, each with the letter it goes by. */
    public String title() {
        StringJoiner title = new StringJoiner(" and ");
        for (int i = 0; i < sources.size(); i++) {
            String name = sources.get(i).name();
            title.add(sources.size() == 1 || shortName(i).equals(name) ? name : shortName(i) + ": " + name);
        }
        return title.toString();
    }

    /** A to Z, then AA. */
    private static String letters(int source) {
        return (source < 26 ? "" : letters(source / 26 - 1)) + (char) ('A' + source % 26);
    }
}
