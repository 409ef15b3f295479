package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.job.Choice;
import io.millrace.job.JobResult;
import io.millrace.job.Message;
import io.millrace.job.Provenance;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.wire.AnswerCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A result as a line of an OpenAI batch output file. The body of an answer is a chat completion, with llama-server's
 * {@code timings} in it. A failed job has {@code response} with the status code and a null body, as vLLM writes it, so that a
 * reader may look at the status code or at {@code error}. Beside OpenAI's fields stand {@code metadata}, where the input
 * had other fields, and {@code millrace}: what made the result.
 *
 * <p>Confined to the collecting thread.
 */
final class OpenAiResultLine {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String ID = "batch_req_";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);

    /** What each line starts with, before the job's index. */
    static String start(String runId) {
        return "{\"id\":\"" + ID + runId + "-";
    }

    static String id(String runId, long index) {
        return ID + runId + "-" + index;
    }

    /** The line with its end. */
    byte[] of(JobResult result) {
        bytes.reset();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            String id = result.id().toString();
            json.writeStartObject();
            json.writeStringField("id", ID + id);
            json.writeStringField("custom_id", result.customId());
            if (result instanceof JobResult.Completed completed) {
                writeResponse(json, id, 200);
                writeBody(json, id, completed);
                json.writeEndObject();
                json.writeNullField("error");
            } else if (result instanceof JobResult.Failed failed) {
                writeResponse(json, id, failed.kind().statusCode());
                json.writeNullField("body");
                json.writeEndObject();
                json.writeObjectFieldStart("error");
                json.writeStringField("code", failed.kind().name());
                json.writeStringField("message", failed.message());
                json.writeEndObject();
            }
            if (!result.metadata().isEmpty()) {
                json.writeFieldName("metadata");
                json.writeRawValue(result.metadata());
            }
            writeOrigin(json, result);
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void writeResponse(JsonGenerator json, String id, int statusCode) throws IOException {
        json.writeObjectFieldStart("response");
        json.writeNumberField("status_code", statusCode);
        json.writeStringField("request_id", "req_" + id);
    }

    private static void writeBody(JsonGenerator json, String id, JobResult.Completed result) throws IOException {
        json.writeObjectFieldStart("body");
        json.writeStringField("id", "chatcmpl-" + id);
        json.writeStringField("object", "chat.completion");
        json.writeNumberField("created", result.createdEpochSeconds());
        json.writeStringField("model", result.provenance().model());
        json.writeArrayFieldStart("choices");
        for (Choice choice : result.choices()) {
            json.writeStartObject();
            json.writeNumberField("index", choice.index());
            json.writeObjectFieldStart("message");
            json.writeStringField("role", Message.ASSISTANT);
            json.writeStringField("content", choice.text());
            json.writeEndObject();
            if (choice.logprobs().isPresent()) {
                json.writeFieldName("logprobs");
                AnswerCodec.writeLogprobs(json, choice.logprobs().get());
            } else {
                json.writeNullField("logprobs");
            }
            json.writeStringField("finish_reason", choice.finishReason().wireName());
            json.writeEndObject();
        }
        json.writeEndArray();
        Usage usage = result.usage();
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", usage.promptTokens());
        json.writeNumberField("completion_tokens", usage.completionTokens());
        json.writeNumberField("total_tokens", usage.totalTokens());
        json.writeObjectFieldStart("prompt_tokens_details");
        json.writeNumberField("cached_tokens", usage.cachedTokens());
        json.writeEndObject();
        json.writeEndObject();
        writeTimings(json, usage, result.timings());
        json.writeEndObject();
    }

    /** As llama-server has them: prompt_n counts the tokens that were decoded and not found in the cache. */
    private static void writeTimings(JsonGenerator json, Usage usage, Timings timings) throws IOException {
        int decoded = usage.promptTokens() - usage.cachedTokens();
        json.writeObjectFieldStart("timings");
        json.writeNumberField("cache_n", usage.cachedTokens());
        json.writeNumberField("prompt_n", decoded);
        json.writeNumberField("prompt_ms", timings.promptMillis());
        json.writeNumberField("prompt_per_second", perSecond(decoded, timings.promptMillis()));
        json.writeNumberField("predicted_n", usage.completionTokens());
        json.writeNumberField("predicted_ms", timings.generationMillis());
        json.writeNumberField("predicted_per_second", perSecond(usage.completionTokens(), timings.generationMillis()));
        json.writeEndObject();
    }

    /** To two places; 0 where no time passed. */
    private static double perSecond(int tokens, double millis) {
        return millis > 0 ? Math.round(tokens * 100_000.0 / millis) / 100.0 : 0;
    }

    private static void writeOrigin(JsonGenerator json, JobResult result) throws IOException {
        Provenance provenance = result.provenance();
        json.writeObjectFieldStart("millrace");
        json.writeStringField("model_sha256", provenance.modelSha256());
        json.writeStringField("quantization", provenance.quantization());
        json.writeStringField("template", provenance.template());
        json.writeStringField("engine", provenance.engine());
        json.writeStringField("worker", provenance.worker());
        json.writeNumberField("attempt", provenance.attempt());
        if (provenance.replay() > 0) {
            json.writeNumberField("replay", provenance.replay());
        }
        if (result instanceof JobResult.Completed completed) {
            writeSamples(json, completed.choices());
            json.writeNumberField("queue_ms", completed.timings().queueMillis());
        }
        json.writeEndObject();
    }

    /** In order of the choices. */
    private static void writeSamples(JsonGenerator json, List<Choice> choices) throws IOException {
        json.writeArrayFieldStart("seeds");
        for (Choice choice : choices) {
            json.writeNumber(choice.seed());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("completion_tokens");
        for (Choice choice : choices) {
            json.writeNumber(choice.completionTokens());
        }
        json.writeEndArray();
    }
}
