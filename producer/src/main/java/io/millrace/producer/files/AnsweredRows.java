package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.producer.plan.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the files of all rows from a run of the distinct ones: a line for each row, in their order, with the row's own
 * name and fields and the answer of its job. {@code id} counts rows; {@code millrace.job} is the job that answered. The
 * summary is that of the run and what became of the rows; its presence makes the folder complete.
 *
 * <p>Confined to its caller's thread.
 */
public final class AnsweredRows {
    private static final String RUN_FOLDER = "distinct";
    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final OutputFolder folder;
    private final OutputFolder run;
    private final String runId;
    private final Duplicates duplicates;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream(4096);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
    private long answered;
    private long failed;

    private AnsweredRows(Path folder, String runId, Duplicates duplicates) {
        this.folder = new OutputFolder(folder);
        this.run = new OutputFolder(runFolder(folder));
        this.runId = runId;
        this.duplicates = duplicates;
    }

    /** Rows with an answer and rows whose job failed. */
    public record Counts(long answered, long failed) {}

    /** Where the run of the distinct rows has its files. */
    public static Path runFolder(Path folder) {
        return folder.resolve(RUN_FOLDER);
    }

    /** @throws OutputException when the folder holds another run or files of another origin */
    public static void requireFree(Path path, String runId) throws IOException {
        RunOutput.completed(path, runId);
        OutputFolder folder = new OutputFolder(path);
        if (!Files.exists(runFolder(path)) && (Files.exists(folder.results()) || Files.exists(folder.errors()))) {
            throw new OutputException(path + ": holds results that are not of this run; choose another folder by -o");
        }
    }

    /**
     * Writes the files, each whole or not at all, the summary last.
     *
     * @throws OutputException when the folder holds something else or the run in it is not complete
     */
    public static Counts write(Path folder, String runId, Duplicates duplicates) throws IOException {
        return new AnsweredRows(folder, runId, duplicates).write();
    }

    private Counts write() throws IOException {
        Path results = folder.results().resolveSibling("results.jsonl.tmp");
        Path errors = folder.errors().resolveSibling("errors.jsonl.tmp");
        String start = OpenAiResultLine.start(runId);
        try (LinesByJob answers = new LinesByJob(run.results(), start);
                LinesByJob failures = new LinesByJob(run.errors(), start);
                LineFile answeredRows = new LineFile(Disk.FILES.append(results, 0), 0);
                LineFile failedRows = new LineFile(Disk.FILES.append(errors, 0), 0);
                TaskCursor tasks = duplicates.rows().open(0)) {
            for (int row = 0; tasks.hasNext(); row++) {
                int job = duplicates.job(row);
                boolean good = answers.has(job);
                if (!good && !failures.has(job)) {
                    throw new OutputException(
                            run.path() + ": has no result of job " + job + "; remove the folder and run again");
                }
                answer.reset();
                (good ? answers : failures).copy(job, answer::write);
                writeLine(tasks.next(), row, job);
                (good ? answeredRows : failedRows).write(line.toByteArray(), 0, line.size());
                answered += good ? 1 : 0;
                failed += good ? 0 : 1;
            }
            answeredRows.force();
            failedRows.force();
        }
        Disk.FILES.move(results, folder.results());
        Disk.FILES.move(errors, folder.errors());
        Disk.FILES.forceFolder(folder.path());
        Disk.FILES.replace(folder.summary(), summary());
        return new Counts(answered, failed);
    }

    private void writeLine(Task task, int row, int job) throws IOException {
        line.reset();
        try (JsonParser parser = JSON.createParser(answer.toByteArray());
                JsonGenerator json = JSON.createGenerator(line)) {
            parser.nextToken();
            json.writeStartObject();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "id" -> json.writeStringField(field, OpenAiResultLine.id(runId, row));
                    case "custom_id" -> json.writeStringField(field, task.customId());
                    case "metadata" -> parser.skipChildren();
                    case "millrace" -> {
                        writeMetadata(json, task);
                        json.writeObjectFieldStart(field);
                        json.writeStringField("job", runId + "-" + job);
                        while (parser.nextToken() == JsonToken.FIELD_NAME) {
                            json.copyCurrentStructure(parser);
                        }
                        json.writeEndObject();
                    }
                    default -> {
                        json.writeFieldName(field);
                        json.copyCurrentStructureExact(parser);
                    }
                }
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void writeMetadata(JsonGenerator json, Task task) throws IOException {
        if (!task.metadata().isEmpty()) {
            json.writeFieldName("metadata");
            json.writeRawValue(task.metadata());
        }
    }

    private byte[] summary() throws IOException {
        ObjectNode summary = (ObjectNode) MAPPER.readTree(Files.readAllBytes(run.summary()));
        summary.putObject("rows").put("answered", answered).put("failed", failed);
        return (summary.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
