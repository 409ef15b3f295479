package io.millrace.producer.report.html;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.job.Message;
import io.millrace.producer.report.Answer;
import io.millrace.producer.report.EvaluatedTask;
import io.millrace.producer.report.Evaluation;
import io.millrace.producer.report.Sample;
import io.millrace.producer.report.ScoredSample;
import java.io.IOException;
import java.util.List;

/**
 * The tasks for the page's browser: {@code [{"id", "chat": [[role, text]], "fields", "answers": [...]}]}. An answer is null
 * where the source has no such task, {@code {"failed": {"kind", "message"}}}, or {@code {"samples": [{"text", "reason",
 * "tokens", "scores", "details"}], "asked": [[role, text]]}}; scores and details stand in the order of the scorers. Thread-safe.
 */
final class AnswersJson {

    private AnswersJson() {}

    /** How many of the first tasks have so many samples together, at most. */
    static int tasksWithin(Evaluation evaluation, long samples) {
        long seen = 0;
        int tasks = 0;
        for (EvaluatedTask task : evaluation.tasks()) {
            for (Answer answer : task.answers()) {
                seen += answer.samples().size();
            }
            if (seen > samples) {
                break;
            }
            tasks++;
        }
        return tasks;
    }

    static void write(JsonGenerator json, Evaluation evaluation, int tasks) throws IOException {
        json.writeStartArray();
        for (EvaluatedTask task : evaluation.tasks().subList(0, tasks)) {
            json.writeStartObject();
            json.writeStringField("id", task.id());
            chat(json, "chat", task.messages());
            json.writeFieldName("fields");
            json.writeRawValue(task.fields());
            json.writeArrayFieldStart("answers");
            for (Answer answer : task.answers()) {
                write(json, answer, evaluation.scorers());
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Answer answer, List<String> scorers) throws IOException {
        if (answer instanceof Answer.Missing) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        if (answer instanceof Answer.Failed failed) {
            json.writeObjectFieldStart("failed");
            json.writeStringField("kind", failed.kind());
            json.writeStringField("message", failed.message());
            json.writeEndObject();
        } else if (answer instanceof Answer.Answered answered) {
            json.writeArrayFieldStart("samples");
            for (Sample sample : answered.samples()) {
                write(json, sample, scorers);
            }
            json.writeEndArray();
            if (!answered.asked().isEmpty()) {
                chat(json, "asked", answered.asked());
            }
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Sample sample, List<String> scorers) throws IOException {
        json.writeStartObject();
        json.writeStringField("text", sample.text());
        json.writeStringField("reason", sample.finishReason());
        json.writeFieldName("tokens");
        if (sample.tokens().isPresent()) {
            json.writeNumber(sample.tokens().getAsLong());
        } else {
            json.writeNull();
        }
        json.writeArrayFieldStart("scores");
        for (String scorer : scorers) {
            ScoredSample score = sample.scores().get(scorer);
            if (score == null) {
                json.writeNull();
            } else {
                json.writeNumber(score.score());
            }
        }
        json.writeEndArray();
        json.writeArrayFieldStart("details");
        for (String scorer : scorers) {
            ScoredSample score = sample.scores().get(scorer);
            json.writeString(score == null ? "" : score.detail());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void chat(JsonGenerator json, String name, List<Message> chat) throws IOException {
        json.writeArrayFieldStart(name);
        for (Message message : chat) {
            json.writeStartArray();
            json.writeString(message.role());
            json.writeString(message.content());
            json.writeEndArray();
        }
        json.writeEndArray();
    }
}
