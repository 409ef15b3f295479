package io.millrace.producer.report.json;

import io.millrace.job.Message;
import io.millrace.producer.files.OutputException;
import io.millrace.producer.report.Answer;
import io.millrace.producer.report.EvaluatedTask;
import io.millrace.producer.report.Point;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers the answers of a run by task.
 *
 * <p>Confined to the reporting thread.
 */
final class TaskRows {
    private final List<Point> points;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, Row> rows = new LinkedHashMap<>();

    TaskRows(List<Point> points) {
        this.points = points;
        for (int i = 0; i < points.size(); i++) {
            places.put(points.get(i).id(), i);
        }
    }

    /** @param chat as it was sent */
    void add(ResultLines line, String task, String point, List<Message> chat, String fields, Answer answer) {
        Integer place = places.get(point);
        if (place == null) {
            throw new OutputException(line.place() + ": its point " + point
                    + " is not in sweep.json; put back the file that the sweep wrote");
        }
        List<Message> turns = chat.stream()
                .filter(message -> !message.role().equals(Message.SYSTEM))
                .toList();
        Row row = rows.computeIfAbsent(task, id -> new Row(id, turns, fields, points.size()));
        if (!(row.answers.get(place) instanceof Answer.Missing)) {
            throw new OutputException(line.place() + ": task " + task + " has two results at point " + point
                    + "; a run without sweep.json needs different custom_ids");
        }
        boolean asAsked = turns.equals(row.turns) && turns.size() == chat.size();
        row.answers.set(
                place,
                answer instanceof Answer.Answered given && !asAsked
                        ? new Answer.Answered(given.samples(), given.cost(), chat)
                        : answer);
    }

    List<EvaluatedTask> tasks() {
        return rows.values().stream().map(Row::task).toList();
    }

    private static final class Row {
        private final String id;
        private final List<Message> turns;
        private final String fields;
        private final List<Answer> answers;

        Row(String id, List<Message> turns, String fields, int points) {
            this.id = id;
            this.turns = turns;
            this.fields = fields;
            this.answers = new ArrayList<>(Collections.nCopies(points, new Answer.Missing()));
        }

        EvaluatedTask task() {
            return new EvaluatedTask(id, turns, fields, answers);
        }
    }
}
