package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.millrace.job.Job;
import io.millrace.job.Message;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * {@code prompts.jsonl.zst} beside the results: what each job was asked, a line a job in their order, so that a run can be
 * made into a training set without its input. {@code {"id": "<run>-<index>", "custom_id", "messages"}}.
 *
 * <p>Thread-safe.
 */
public final class PromptFile {
    private static final String NAME = "prompts.jsonl.zst";
    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private PromptFile() {}

    /** Writes the file, whole or not at all. */
    public static void write(Path folder, Iterator<Job> jobs) throws IOException {
        Path temporary = folder.resolve(NAME + ".tmp");
        try (OutputStream file = Files.newOutputStream(temporary);
                OutputStream out = new BufferedOutputStream(new ZstdOutputStreamNoFinalizer(file), 1 << 16);
                JsonGenerator json = JSON.createGenerator(out)) {
            json.setRootValueSeparator(null);
            while (jobs.hasNext()) {
                write(json, jobs.next());
            }
        }
        Files.move(
                temporary, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(JsonGenerator json, Job job) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", job.id().toString());
        json.writeStringField("custom_id", job.customId());
        json.writeArrayFieldStart("messages");
        for (Message message : job.messages()) {
            json.writeStartObject();
            json.writeStringField("role", message.role());
            json.writeStringField("content", message.content());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
    }

    /** The prompts of the run in a folder; empty where it was collected without them. */
    public static Optional<Reader> open(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        return Files.exists(file) ? Optional.of(new Reader(file)) : Optional.empty();
    }

    /**
     * Prompts in ascending order of their jobs.
     *
     * <p>Confined to one thread.
     */
    public static final class Reader implements Closeable {
        private final Path file;
        private final BufferedReader lines;
        private long next;

        private Reader(Path file) throws IOException {
            this.file = file;
            this.lines = new BufferedReader(new InputStreamReader(
                    new ZstdInputStreamNoFinalizer(new BufferedInputStream(Files.newInputStream(file))),
                    StandardCharsets.UTF_8));
        }

        /** Of the job with this index, which must be above that of the call before. */
        public List<Message> messages(long index) throws IOException {
            String line = lines.readLine();
            while (line != null && next < index) {
                next++;
                line = lines.readLine();
            }
            next++;
            if (line == null) {
                throw new OutputException(file + ": has no prompt of job " + index + "; run or collect again");
            }
            List<Message> messages = new ArrayList<>();
            for (JsonNode message : MAPPER.readTree(line).path("messages")) {
                messages.add(new Message(
                        message.path("role").asText(), message.path("content").asText()));
            }
            return messages;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
