package io.millrace.producer.report.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.job.Message;
import io.millrace.producer.files.OutputException;
import io.millrace.producer.files.PromptFile;
import io.millrace.producer.report.Answer;
import io.millrace.producer.report.Evaluation;
import io.millrace.producer.report.Point;
import io.millrace.producer.report.Sample;
import io.millrace.producer.report.ScoredSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A complete run's folder as an evaluation: {@code run.json}, {@code results.jsonl}, {@code errors.jsonl}, and where they are
 * there {@code sweep.json}, {@code scores.jsonl} and the prompts. Without sweep.json it is one point, and each job a task.
 *
 * <p>Confined to the reporting thread.
 */
final class RunFolder {
    private final Path folder;
    private final String name;

    RunFolder(Path folder) {
        this.folder = folder;
        this.name = Sources.name(folder);
    }

    Evaluation read() throws IOException {
        Path file = folder.resolve("run.json");
        if (!Files.exists(file)) {
            throw new OutputException(folder + ": holds no run.json, so no complete run;"
                    + " let the run or collect command finish first");
        }
        JsonNode run = JsonFile.read(file, "a run's summary");
        if (!run.path("run").isTextual() || !run.path("model").isTextual()) {
            throw new OutputException(file + ": is not a run's summary of Millrace; name the folder of a run");
        }
        List<Point> points = SweepPoints.read(folder, run);
        ScoreLines scores = ScoreLines.read(folder.resolve("scores.jsonl"));
        TaskRows rows = new TaskRows(points);
        List<String> notes = new ArrayList<>();
        try (ResultLines results = new ResultLines(folder.resolve("results.jsonl"));
                ResultLines errors = new ResultLines(folder.resolve("errors.jsonl"))) {
            Optional<PromptFile.Reader> prompts = PromptFile.open(folder);
            if (prompts.isEmpty()) {
                notes.add(name + ": was collected without its prompts; collect with --prompts brings them");
            }
            try {
                for (ResultLines next = sooner(results, errors); next.present(); next = sooner(results, errors)) {
                    List<Message> chat = prompts.isPresent() ? prompts.get().messages(next.index()) : List.of();
                    add(rows, next, chat, scores);
                    next.advance();
                }
            } finally {
                if (prompts.isPresent()) {
                    prompts.get().close();
                }
            }
        }
        return new Evaluation(
                List.of(RunDescription.source(name, run)), points, rows.tasks(), List.copyOf(scores.scorers()), notes);
    }

    /** Results and errors are each in the order of their jobs. */
    private static ResultLines sooner(ResultLines results, ResultLines errors) {
        return !errors.present() || (results.present() && results.index() < errors.index()) ? results : errors;
    }

    private static void add(TaskRows rows, ResultLines line, List<Message> chat, ScoreLines scores) {
        JsonNode node = line.node();
        String customId = node.path("custom_id").asText();
        JsonNode metadata = node.path("metadata");
        JsonNode sweep = metadata.path("sweep");
        String task = customId;
        String point = "p0";
        if (sweep.path("task").isTextual() && sweep.path("point").isTextual()) {
            task = sweep.path("task").textValue();
            point = sweep.path("point").textValue();
        }
        String fields = "{}";
        if (metadata instanceof ObjectNode object) {
            fields = object.deepCopy().without("sweep").toString();
        }
        JsonNode error = node.path("error");
        if (error.isObject()) {
            Answer failed = new Answer.Failed(
                    error.path("code").asText(), error.path("message").asText());
            rows.add(line, task, point, chat, fields, failed);
        } else {
            Answer answered =
                    new Answer.Answered(samples(node, scores.of(customId)), RunDescription.cost(node), List.of());
            rows.add(line, task, point, chat, fields, answered);
        }
    }

    private static List<Sample> samples(JsonNode line, Map<Integer, Map<String, ScoredSample>> scores) {
        List<Sample> samples = new ArrayList<>();
        JsonNode tokens = line.path("millrace").path("completion_tokens");
        int position = 0;
        for (JsonNode choice : line.path("response").path("body").path("choices")) {
            int index = choice.path("index").intValue();
            JsonNode counted = tokens.path(position++);
            samples.add(new Sample(
                    index,
                    choice.path("message").path("content").asText(),
                    "",
                    choice.path("finish_reason").asText(Sample.UNKNOWN),
                    counted.isNumber() ? OptionalLong.of(counted.longValue()) : OptionalLong.empty(),
                    scores.getOrDefault(index, Map.of())));
        }
        return samples;
    }
}
