package io.millrace.producer.report.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.job.Message;
import io.millrace.producer.files.OutputException;
import io.millrace.producer.report.Answer;
import io.millrace.producer.report.EvaluatedTask;
import io.millrace.producer.report.Evaluation;
import io.millrace.producer.report.Point;
import io.millrace.producer.report.Sample;
import io.millrace.producer.report.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the reference project's sampling reports: {@code {"model_name", "date", "args", "prompts": [{"prompt", "results":
 * [{"sampling_config", "sampling_params", "outputs": ["..."]}]}]}}. An output that ends in an end marker was stopped by the
 * model; one without was cut, provided that some output of the report shows its marker.
 *
 * <p>Confined to the reporting thread.
 */
final class SamplingReportFile {
    private static final List<String> MARKERS =
            List.of("<|im_end|>", "</s>", "<|endoftext|>", "<|end_of_text|>", "<|eot_id|>");
    private static final Set<String> PROMPT_FIELDS = Set.of("prompt", "results");
    private static final Set<String> RESULT_FIELDS = Set.of("sampling_config", "sampling_params", "outputs");

    private final Path file;
    private final String name;
    private final Map<List<String>, Integer> points = new LinkedHashMap<>();
    private final Set<String> dropped = new LinkedHashSet<>();
    private boolean marked;

    private SamplingReportFile(Path file) {
        this.file = file;
        this.name = Sources.name(file);
    }

    static Evaluation read(Path file) throws IOException {
        JsonNode report = JsonFile.read(file, "a sampling report");
        if (!report.path("prompts").isArray()) {
            throw new OutputException(file + ": is not a sampling report, it has no list `prompts`;"
                    + " name such a report or the folder of a run");
        }
        return new SamplingReportFile(file).evaluation(report);
    }

    private Evaluation evaluation(JsonNode report) {
        List<Map<Integer, List<String>>> outputs = new ArrayList<>();
        for (JsonNode prompt : report.path("prompts")) {
            outputs.add(outputs(prompt, "prompts[" + outputs.size() + "]"));
        }
        List<EvaluatedTask> tasks = new ArrayList<>();
        for (Map<Integer, List<String>> byPoint : outputs) {
            List<Answer> answers = new ArrayList<>();
            for (int point = 0; point < points.size(); point++) {
                answers.add(
                        byPoint.containsKey(point)
                                ? new Answer.Answered(samples(byPoint.get(point)), Optional.empty(), List.of())
                                : new Answer.Missing());
            }
            String text =
                    report.path("prompts").path(tasks.size()).path("prompt").textValue();
            tasks.add(new EvaluatedTask(
                    "prompt-" + (tasks.size() + 1), List.of(new Message(Message.USER, text)), "{}", answers));
        }
        ObjectNode header = ((ObjectNode) report.deepCopy()).without("prompts");
        Source source = new Source(
                name,
                Source.Kind.SAMPLING_REPORT,
                report.path("model_name").asText("unknown"),
                facts(report),
                "",
                header.toString());
        return new Evaluation(List.of(source), points(), tasks, List.of(), notes());
    }

    /** By point; points are noted as they come up. */
    private Map<Integer, List<String>> outputs(JsonNode prompt, String place) {
        require(prompt.path("prompt").isTextual(), place + ".prompt must be a text");
        require(prompt.path("results").isArray(), place + ".results must be a list");
        prompt.fieldNames().forEachRemaining(field -> note(PROMPT_FIELDS, field, "prompts[]."));
        Map<Integer, List<String>> outputs = new LinkedHashMap<>();
        int number = 0;
        for (JsonNode result : prompt.path("results")) {
            String at = place + ".results[" + number++ + "]";
            require(result.path("sampling_config").isTextual(), at + ".sampling_config must be a text");
            require(result.path("sampling_params").isObject(), at + ".sampling_params must be an object");
            require(result.path("outputs").isArray(), at + ".outputs must be a list");
            result.fieldNames().forEachRemaining(field -> note(RESULT_FIELDS, field, "prompts[].results[]."));
            List<String> texts = new ArrayList<>();
            for (JsonNode output : result.path("outputs")) {
                require(output.isTextual(), at + ".outputs[" + texts.size() + "] must be a text");
                texts.add(output.textValue());
                marked |= !ending(output.textValue()).isEmpty();
            }
            outputs.put(point(result, outputs), texts);
        }
        return outputs;
    }

    /** A configuration that a prompt has twice is two points, and so is one with other parameters at another prompt. */
    private int point(JsonNode result, Map<Integer, List<String>> taken) {
        for (int twin = 0; ; twin++) {
            List<String> key = List.of(
                    result.path("sampling_config").textValue(),
                    result.path("sampling_params").toString(),
                    Integer.toString(twin));
            int point = points.computeIfAbsent(key, unknown -> points.size());
            if (!taken.containsKey(point)) {
                return point;
            }
        }
    }

    private List<Point> points() {
        List<Point> made = new ArrayList<>();
        Map<String, Integer> names = new LinkedHashMap<>();
        for (List<String> key : points.keySet()) {
            Map<String, String> params = new LinkedHashMap<>();
            try {
                JsonFile.JSON
                        .readTree(key.get(1))
                        .properties()
                        .forEach(param ->
                                params.put(param.getKey(), param.getValue().toString()));
            } catch (IOException e) {
                throw new IllegalStateException("JSON that was just written cannot be read: " + key.get(1), e);
            }
            int twin = names.merge(key.get(0), 1, Integer::sum);
            String label = twin == 1 ? key.get(0) : key.get(0) + " (" + twin + ")";
            Map<String, String> told = twin == 1 ? Map.of() : Map.of(SamplingReportWriter.CONFIG, key.get(0));
            made.add(new Point(0, "p" + made.size(), label, params, told));
        }
        return made;
    }

    private List<Sample> samples(List<String> outputs) {
        List<Sample> samples = new ArrayList<>();
        for (String output : outputs) {
            String ending = ending(output);
            String reason = !marked ? Sample.UNKNOWN : ending.isEmpty() ? Sample.LENGTH : Sample.STOP;
            String text = output.substring(0, output.length() - ending.length());
            samples.add(new Sample(samples.size(), text, ending, reason, OptionalLong.empty(), Map.of()));
        }
        return samples;
    }

    private static String ending(String output) {
        return MARKERS.stream().filter(output::endsWith).findFirst().orElse("");
    }

    private static Map<String, String> facts(JsonNode report) {
        Map<String, String> facts = new LinkedHashMap<>();
        if (report.path("date").isTextual()) {
            facts.put("date", report.path("date").textValue());
        }
        for (Map.Entry<String, JsonNode> arg : report.path("args").properties()) {
            if (arg.getValue().isValueNode() && !arg.getValue().isNull()) {
                facts.put(arg.getKey(), arg.getValue().asText());
            }
        }
        return facts;
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        notes.add(name
                + (marked
                        ? ": an output without an end marker counts as cut by its length; the format has no finish reasons"
                        : ": no output shows an end marker, so nothing tells which were cut"));
        if (!dropped.isEmpty()) {
            notes.add(name + ": fields that are not of the format were left out: " + String.join(", ", dropped));
        }
        return notes;
    }

    private void note(Set<String> known, String field, String where) {
        if (!known.contains(field)) {
            dropped.add(where + field);
        }
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new OutputException(file + ": is not a sampling report: " + what);
        }
    }
}
