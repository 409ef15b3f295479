package io.millrace.producer.report;

import io.millrace.job.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Several evaluations as one, side by side. Tasks of two sources are the same when these had the same input and the ids are
 * equal, else when their prompts are; the same prompt several times is paired in order. A task that a source lacks is missing
 * at its points.
 *
 * <p>Confined to one thread.
 */
public final class Join {
    private final List<Source> sources = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final Set<String> scorers = new LinkedHashSet<>();
    private final Set<String> notes = new LinkedHashSet<>();

    private Join() {}

    /** @param evaluations at least one */
    public static Evaluation of(List<Evaluation> evaluations) {
        Join join = new Join();
        evaluations.forEach(join::add);
        return new Evaluation(
                join.named(),
                join.points,
                join.rows.stream().map(row -> row.task(join.points.size())).toList(),
                List.copyOf(join.scorers),
                List.copyOf(join.notes));
    }

    private void add(Evaluation evaluation) {
        boolean sameInput = !sources.isEmpty()
                && !sources.get(0).input().isEmpty()
                && sources.stream()
                        .allMatch(source -> source.input()
                                .equals(evaluation.sources().get(0).input()));
        Map<List<String>, Deque<Row>> known = new HashMap<>();
        for (Row row : rows) {
            known.computeIfAbsent(key(row.first, sameInput), key -> new ArrayDeque<>())
                    .add(row);
        }
        int firstPoint = points.size();
        for (EvaluatedTask task : evaluation.tasks()) {
            Deque<Row> same = known.getOrDefault(key(task, sameInput), new ArrayDeque<>());
            Row row = same.isEmpty() ? new Row(task) : same.remove();
            if (row.answers.isEmpty()) {
                rows.add(row);
            }
            for (int i = 0; i < task.answers().size(); i++) {
                row.answers.put(firstPoint + i, row.answer(task, i));
            }
        }
        int firstSource = sources.size();
        evaluation.points().forEach(point -> points.add(point.of(firstSource + point.source())));
        sources.addAll(evaluation.sources());
        scorers.addAll(evaluation.scorers());
        notes.addAll(evaluation.notes());
    }

    /** Equal for tasks that are the same. */
    private static List<String> key(EvaluatedTask task, boolean byId) {
        if (byId || task.messages().isEmpty()) {
            return List.of(task.id());
        }
        List<String> key = new ArrayList<>();
        for (Message message : task.messages()) {
            key.add(message.role());
            key.add(message.content().strip());
        }
        return key;
    }

    /** The sources, those of the same name told apart by their numbers. */
    private List<Source> named() {
        List<Source> named = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            String name = sources.get(i).name();
            boolean alone =
                    Collections.frequency(sources.stream().map(Source::name).toList(), name) == 1;
            named.add(alone ? sources.get(i) : sources.get(i).named(name + " (" + (i + 1) + ")"));
        }
        return named;
    }

    /** A task as its first source has it, and the answers by point. */
    private static final class Row {
        private final EvaluatedTask first;
        private final Map<Integer, Answer> answers = new LinkedHashMap<>();

        Row(EvaluatedTask first) {
            this.first = first;
        }

        /** The task's answer, saying what was asked where that is not what the row shows. */
        Answer answer(EvaluatedTask task, int point) {
            Answer answer = task.answers().get(point);
            if (answer instanceof Answer.Answered given
                    && given.asked().isEmpty()
                    && !task.messages().equals(first.messages())) {
                return new Answer.Answered(given.samples(), given.cost(), task.messages());
            }
            return answer;
        }

        EvaluatedTask task(int points) {
            List<Answer> all = new ArrayList<>();
            for (int i = 0; i < points; i++) {
                all.add(answers.getOrDefault(i, new Answer.Missing()));
            }
            return new EvaluatedTask(first.id(), first.messages(), first.fields(), all);
        }
    }
}
