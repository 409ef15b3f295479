package io.millrace.producer.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * A numeric parameter that differs between points, with the lines that a chart over it has: one for each combination of
 * the other settings, and for each source where two have the same point.
 *
 * <p>Immutable.
 */
public record SweptParameter(String name, List<Line> lines) {
    private static final String FIRST = "temperature";

    public SweptParameter {
        lines = List.copyOf(lines);
    }

    /**
     * Points in ascending order of the parameter.
     *
     * <p>Immutable.
     *
     * @param label the other settings; empty where there is one line
     */
    public record Line(String label, List<Integer> points) {
        public Line {
            points = List.copyOf(points);
        }
    }

    /** Temperature first where it is swept, then in order of the names. */
    public static List<SweptParameter> of(Evaluation evaluation) {
        Set<String> names = new TreeSet<>(
                Comparator.comparing((String name) -> !name.equals(FIRST)).thenComparing(Comparator.naturalOrder()));
        evaluation.points().forEach(point -> names.addAll(point.params().keySet()));
        List<SweptParameter> swept = new ArrayList<>();
        for (String name : names) {
            Set<Double> values = new TreeSet<>();
            for (Point point : evaluation.points()) {
                point.number(name).ifPresent(values::add);
            }
            if (values.size() > 1) {
                swept.add(new SweptParameter(name, lines(evaluation, name)));
            }
        }
        return swept;
    }

    private static List<Line> lines(Evaluation evaluation, String name) {
        Set<String> differing = differing(evaluation, name);
        Map<String, List<Integer>> byRest = new LinkedHashMap<>();
        for (int i = 0; i < evaluation.points().size(); i++) {
            Point point = evaluation.points().get(i);
            if (point.number(name).isPresent()) {
                byRest.computeIfAbsent(rest(evaluation, point, differing), rest -> new ArrayList<>())
                        .add(i);
            }
        }
        List<Line> lines = new ArrayList<>();
        byRest.forEach((rest, points) -> {
            points.sort(Comparator.comparingDouble(
                    i -> value(evaluation.points().get(i).number(name))));
            long values = points.stream()
                    .mapToDouble(i -> value(evaluation.points().get(i).number(name)))
                    .distinct()
                    .count();
            if (values == points.size()) {
                lines.add(new Line(rest, points));
            } else {
                lines.addAll(bySource(evaluation, rest, points));
            }
        });
        return lines;
    }

    /** Of points that differ in nothing but where they come from. */
    private static List<Line> bySource(Evaluation evaluation, String rest, List<Integer> points) {
        Map<String, List<Integer>> bySource = new LinkedHashMap<>();
        for (int point : points) {
            String source = evaluation.shortName(evaluation.points().get(point).source());
            bySource.computeIfAbsent(source, name -> new ArrayList<>()).add(point);
        }
        List<Line> lines = new ArrayList<>();
        bySource.forEach((source, those) -> lines.add(new Line(rest.isEmpty() ? source : source + ", " + rest, those)));
        return lines;
    }

    private static double value(OptionalDouble number) {
        return number.orElseThrow();
    }

    /** The other settings that are not the same at all points. */
    private static Set<String> differing(Evaluation evaluation, String name) {
        Set<String> all = new TreeSet<>();
        evaluation.points().forEach(point -> {
            all.addAll(point.params().keySet());
            all.addAll(point.texts().keySet());
        });
        all.remove(name);
        all.removeIf(other -> evaluation.points().stream()
                        .map(point -> setting(point, other))
                        .distinct()
                        .count()
                == 1);
        return all;
    }

    private static String rest(Evaluation evaluation, Point point, Set<String> differing) {
        StringJoiner rest = new StringJoiner(", ");
        List<String> models = evaluation.sources().stream().map(Source::model).toList();
        if (models.stream().distinct().count() > 1) {
            rest.add(models.get(point.source()));
        }
        for (String name : differing) {
            String value = setting(point, name);
            if (!value.isEmpty()) {
                rest.add(name + "=" + value);
            }
        }
        return rest.toString();
    }

    /** Numbers in one spelling, so that 1 and 1.0 do not differ. */
    private static String setting(Point point, String name) {
        OptionalDouble number = point.number(name);
        if (number.isPresent()) {
            String text = Double.toString(number.getAsDouble());
            return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
        }
        return point.params().getOrDefault(name, point.texts().getOrDefault(name, ""));
    }
}
