package io.millrace.producer.report.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.millrace.producer.report.Answer;
import io.millrace.producer.report.EvaluatedTask;
import io.millrace.producer.report.Evaluation;
import io.millrace.producer.report.Figures;
import io.millrace.producer.report.Point;
import io.millrace.producer.report.Sample;
import io.millrace.producer.report.ScoredSample;
import io.millrace.producer.report.Source;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * {@code report.json}: everything that the report says, but for the texts of prompts and outputs.
 *
 * <p>Confined to the reporting thread.
 */
public final class ReportJson {
    private static final JsonFactory JSON = new JsonFactory();

    private ReportJson() {}

    /** For other programs, indented. */
    public static void write(Writer out, Evaluation evaluation, Figures figures) throws IOException {
        JsonGenerator json = JSON.createGenerator(out);
        json.setPrettyPrinter(new DefaultPrettyPrinter());
        json.writeStartObject();
        writeFields(json, evaluation, figures);
        json.writeArrayFieldStart("tasks");
        for (EvaluatedTask task : evaluation.tasks()) {
            json.writeStartObject();
            json.writeStringField("id", task.id());
            json.writeObjectFieldStart("scores");
            for (String scorer : evaluation.scorers()) {
                json.writeArrayFieldStart(scorer);
                for (Answer answer : task.answers()) {
                    FiguresJson.number(json, mean(answer, scorer));
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
        json.flush();
    }

    /** The fields of the report but for its tasks, into the object that is open. */
    public static void writeFields(JsonGenerator json, Evaluation evaluation, Figures figures) throws IOException {
        json.writeStringField("format", "millrace-report");
        json.writeNumberField("version", 1);
        json.writeArrayFieldStart("sources");
        for (int i = 0; i < evaluation.sources().size(); i++) {
            Source source = evaluation.sources().get(i);
            json.writeStartObject();
            json.writeStringField("name", source.name());
            json.writeStringField("short_name", evaluation.shortName(i));
            json.writeStringField("kind", source.kind().name().toLowerCase(Locale.ROOT));
            json.writeStringField("model", source.model());
            json.writeObjectFieldStart("facts");
            for (Map.Entry<String, String> fact : source.facts().entrySet()) {
                json.writeStringField(fact.getKey(), fact.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        texts(json, "notes", evaluation.notes());
        texts(json, "scorers", evaluation.scorers());
        json.writeArrayFieldStart("points");
        for (int i = 0; i < evaluation.points().size(); i++) {
            json.writeStartObject();
            writePoint(json, evaluation.points().get(i), evaluation.name(i));
            FiguresJson.writePoint(json, figures.points().get(i));
            json.writeEndObject();
        }
        json.writeEndArray();
        FiguresJson.writeFields(json, figures);
    }

    private static void writePoint(JsonGenerator json, Point point, String name) throws IOException {
        json.writeNumberField("source", point.source());
        json.writeStringField("id", point.id());
        json.writeStringField("label", point.label());
        json.writeStringField("name", name);
        json.writeObjectFieldStart("params");
        for (Map.Entry<String, String> param : point.params().entrySet()) {
            json.writeFieldName(param.getKey());
            json.writeRawValue(param.getValue());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("texts");
        for (Map.Entry<String, String> text : point.texts().entrySet()) {
            json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static OptionalDouble mean(Answer answer, String scorer) {
        return answer.samples().stream()
                .map(Sample::scores)
                .filter(scores -> scores.containsKey(scorer))
                .map(scores -> scores.get(scorer))
                .mapToDouble(ScoredSample::score)
                .average();
    }
}
