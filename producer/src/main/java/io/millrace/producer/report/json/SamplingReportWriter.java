package io.millrace.producer.report.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.job.Message;
import io.millrace.producer.report.Answer;
import io.millrace.producer.report.EvaluatedTask;
import io.millrace.producer.report.Evaluation;
import io.millrace.producer.report.Point;
import io.millrace.producer.report.Sample;
import io.millrace.producer.report.Source;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the reference project's sampling report, which its viewer and its scripts read. One that was read is written with
 * equal JSON. Of a run: parameters get that project's names, an answer that the model ended gets the end marker, and a chat
 * of several turns becomes one text. Failed jobs are left out.
 *
 * <p>Confined to the reporting thread.
 */
public final class SamplingReportWriter {
    /** The text of a point that names its configuration in the file it came from, where the label is another. */
    static final String CONFIG = "sampling_config";

    private static final String MARKER = "<|im_end|>";
    private static final ObjectMapper JSON = new ObjectMapper(
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build());
    private static final Map<String, String> NAMES =
            Map.of("max_tokens", "max_new_tokens", "repeat_penalty", "repetition_penalty");

    private final Evaluation evaluation;
    private final Source source;

    /** @throws IllegalArgumentException when there are several sources; the format has one model */
    public SamplingReportWriter(Evaluation evaluation) {
        if (evaluation.sources().size() != 1) {
            throw new IllegalArgumentException("a sampling report has one source, not "
                    + evaluation.sources().size());
        }
        this.evaluation = evaluation;
        this.source = evaluation.sources().get(0);
    }

    public void write(Writer out) throws IOException {
        JsonGenerator json = JSON.createGenerator(out);
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        json.setPrettyPrinter(
                new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter));
        json.writeStartObject();
        for (Map.Entry<String, JsonNode> field :
                JsonFile.JSON.readTree(source.header()).properties()) {
            json.writeFieldName(field.getKey());
            json.writeTree(field.getValue());
        }
        json.writeArrayFieldStart("prompts");
        for (EvaluatedTask task : evaluation.tasks()) {
            json.writeStartObject();
            json.writeStringField("prompt", prompt(task));
            json.writeArrayFieldStart("results");
            for (int i = 0; i < task.answers().size(); i++) {
                if (task.answers().get(i) instanceof Answer.Answered answer) {
                    writeResult(json, evaluation.points().get(i), answer.samples());
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.flush();
    }

    private void writeResult(JsonGenerator json, Point point, List<Sample> samples) throws IOException {
        json.writeStartObject();
        json.writeStringField("sampling_config", point.texts().getOrDefault(CONFIG, point.label()));
        json.writeObjectFieldStart("sampling_params");
        for (Map.Entry<String, String> param : params(point).entrySet()) {
            json.writeFieldName(param.getKey());
            json.writeTree(JsonFile.JSON.readTree(param.getValue()));
        }
        json.writeEndObject();
        json.writeArrayFieldStart("outputs");
        for (Sample sample : samples) {
            json.writeString(sample.text() + ending(sample));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private Map<String, String> params(Point point) {
        if (source.kind() == Source.Kind.SAMPLING_REPORT) {
            return point.params();
        }
        Map<String, String> params = new LinkedHashMap<>();
        params.put("do_sample", Boolean.toString(point.number("temperature").orElse(1) != 0));
        point.params().forEach((name, value) -> params.put(NAMES.getOrDefault(name, name), value));
        return params;
    }

    private String ending(Sample sample) {
        boolean told = source.kind() == Source.Kind.SAMPLING_REPORT;
        return !told && sample.finishReason().equals(Sample.STOP) ? MARKER : sample.ending();
    }

    private static String prompt(EvaluatedTask task) {
        List<Message> chat = task.messages();
        if (chat.isEmpty()) {
            return task.id();
        }
        return chat.size() == 1
                ? chat.get(0).content()
                : chat.stream()
                        .map(message -> message.role() + ": " + message.content())
                        .collect(Collectors.joining("\n\n"));
    }
}
