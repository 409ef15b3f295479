package io.millrace.worker.otel;

import io.millrace.job.Choice;
import io.millrace.job.Job;
import io.millrace.job.JobResult;
import io.millrace.job.OutputFormat;
import io.millrace.job.SamplingParams;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.List;

/**
 * The attributes of a job's span: names and meanings are those of OpenTelemetry's conventions for generative AI
 * (open-telemetry/semantic-conventions-genai, in development), and {@code millrace.*} for what these lack.
 *
 * <p>Thread-safe.
 */
final class GenAi {
    static final String OPERATION = "chat";
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    static final AttributeKey<String> INPUT_MESSAGES = AttributeKey.stringKey("gen_ai.input.messages");
    static final AttributeKey<String> OUTPUT_MESSAGES = AttributeKey.stringKey("gen_ai.output.messages");
    static final AttributeKey<String> SYSTEM_INSTRUCTIONS = AttributeKey.stringKey("gen_ai.system_instructions");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("millrace.attempt");

    private static final AttributeKey<String> OPERATION_NAME = AttributeKey.stringKey("gen_ai.operation.name");
    private static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("gen_ai.provider.name");
    private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");
    private static final AttributeKey<Long> MAX_TOKENS = AttributeKey.longKey("gen_ai.request.max_tokens");
    private static final AttributeKey<Double> TEMPERATURE = AttributeKey.doubleKey("gen_ai.request.temperature");
    private static final AttributeKey<Double> TOP_P = AttributeKey.doubleKey("gen_ai.request.top_p");
    private static final AttributeKey<Double> TOP_K = AttributeKey.doubleKey("gen_ai.request.top_k");
    private static final AttributeKey<Long> SEED = AttributeKey.longKey("gen_ai.request.seed");
    private static final AttributeKey<List<String>> STOP = AttributeKey.stringArrayKey("gen_ai.request.stop_sequences");
    private static final AttributeKey<Double> FREQUENCY = AttributeKey.doubleKey("gen_ai.request.frequency_penalty");
    private static final AttributeKey<Double> PRESENCE = AttributeKey.doubleKey("gen_ai.request.presence_penalty");
    private static final AttributeKey<Long> CHOICES = AttributeKey.longKey("gen_ai.request.choice.count");
    private static final AttributeKey<String> OUTPUT_TYPE = AttributeKey.stringKey("gen_ai.output.type");
    private static final AttributeKey<String> RESPONSE_ID = AttributeKey.stringKey("gen_ai.response.id");
    private static final AttributeKey<String> RESPONSE_MODEL = AttributeKey.stringKey("gen_ai.response.model");
    private static final AttributeKey<List<String>> FINISH_REASONS =
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
    private static final AttributeKey<Long> INPUT_TOKENS = AttributeKey.longKey("gen_ai.usage.input_tokens");
    private static final AttributeKey<Long> OUTPUT_TOKENS = AttributeKey.longKey("gen_ai.usage.output_tokens");
    private static final AttributeKey<Long> CACHED_TOKENS =
            AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
    private static final AttributeKey<String> RUN = AttributeKey.stringKey("millrace.run");
    private static final AttributeKey<String> JOB = AttributeKey.stringKey("millrace.job");

    private GenAi() {}

    /** What is known of any record. */
    static void subject(AttributesBuilder to, String model, String runId, String jobId) {
        to.put(OPERATION_NAME, OPERATION)
                .put(PROVIDER, "llama.cpp")
                .put(MODEL, model)
                .put(RUN, runId)
                .put(JOB, jobId);
    }

    static void request(AttributesBuilder to, Job job) {
        SamplingParams params = job.params();
        to.put(MAX_TOKENS, (long) params.maxTokens())
                .put(TEMPERATURE, params.temperature())
                .put(TOP_P, params.topP())
                .put(TOP_K, (double) params.topK())
                .put(FREQUENCY, params.frequencyPenalty())
                .put(PRESENCE, params.presencePenalty())
                .put(OUTPUT_TYPE, outputType(params.answer().format()));
        if (params.n() > 1) {
            to.put(CHOICES, (long) params.n());
        }
        if (params.seed().isPresent()) {
            to.put(SEED, params.seed().getAsLong());
        }
        if (!params.stop().isEmpty()) {
            to.put(STOP, params.stop());
        }
    }

    private static String outputType(OutputFormat format) {
        return format instanceof OutputFormat.JsonObject || format instanceof OutputFormat.JsonSchema ? "json" : "text";
    }

    static void response(AttributesBuilder to, JobResult.Completed result) {
        to.put(RESPONSE_ID, result.id().toString())
                .put(RESPONSE_MODEL, result.provenance().model())
                .put(
                        FINISH_REASONS,
                        result.choices().stream()
                                .map(Choice::finishReason)
                                .map(reason -> reason.wireName())
                                .toList())
                .put(INPUT_TOKENS, (long) result.usage().promptTokens())
                .put(OUTPUT_TOKENS, (long) result.usage().completionTokens())
                .put(CACHED_TOKENS, (long) result.usage().cachedTokens());
    }
}
