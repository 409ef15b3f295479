package io.millrace.producer.plan;

import io.millrace.job.AnswerOptions;
import io.millrace.job.JobModels;
import io.millrace.job.OutputFormat;
import io.millrace.job.SamplingParams;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * What the user asks of a whole run; everything here shapes its jobs and so its id.
 *
 * <p>Immutable.
 *
 * @param defaults sampling where the task says nothing
 * @param systemMessage goes before the messages of a task that has no system message of its own
 * @param model the model's name, where a sweep's point names no other
 * @param seed the run's seed; without one it comes from the run id
 * @param limit take only so many tasks of the input
 * @param sweep the points to try on each task
 * @param dedupe one job for all tasks whose answers would be the same
 */
public record RunOptions(
        SamplingParams defaults,
        Optional<String> systemMessage,
        String model,
        OptionalLong seed,
        OptionalLong limit,
        Optional<Sweep> sweep,
        boolean dedupe) {

    /** Options of a run with a job for each task. */
    public RunOptions(
            SamplingParams defaults,
            Optional<String> systemMessage,
            String model,
            OptionalLong seed,
            OptionalLong limit) {
        this(defaults, systemMessage, model, seed, limit, Optional.empty(), false);
    }

    public RunOptions {
        Objects.requireNonNull(sweep, "sweep");
        Objects.requireNonNull(defaults, "defaults");
        Objects.requireNonNull(systemMessage, "systemMessage");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(limit, "limit");
    }

    /** Which models the run's jobs ask for. */
    public JobModels models() {
        return sweep.map(points -> points.jobModels(model)).orElse(JobModels.of(model));
    }

    /** One text for equal options, another for different ones. */
    public String canonical() {
        StringJoiner text = new StringJoiner("\n");
        fields().forEach((name, value) -> text.add(name + "=" + quoted(value)));
        return text.toString();
    }

    /** Each value as text under its flag's or field's name, in alphabetical order. */
    public SortedMap<String, String> fields() {
        SortedMap<String, String> fields = new TreeMap<>();
        fields.put("model", model);
        systemMessage.ifPresent(message -> fields.put("system", message));
        seed.ifPresent(value -> fields.put("run_seed", Long.toString(value)));
        limit.ifPresent(value -> fields.put("limit", Long.toString(value)));
        sweep.ifPresent(value -> fields.put("sweep", value.canonical()));
        if (dedupe) {
            fields.put("dedupe", "true");
        }
        fields.put("max_tokens", Integer.toString(defaults.maxTokens()));
        fields.put("temperature", Double.toString(defaults.temperature()));
        fields.put("top_k", Integer.toString(defaults.topK()));
        fields.put("top_p", Double.toString(defaults.topP()));
        fields.put("min_p", Double.toString(defaults.minP()));
        fields.put("repeat_penalty", Double.toString(defaults.repeatPenalty()));
        fields.put("repeat_last_n", Integer.toString(defaults.repeatLastN()));
        fields.put("presence_penalty", Double.toString(defaults.presencePenalty()));
        fields.put("frequency_penalty", Double.toString(defaults.frequencyPenalty()));
        defaults.logitBias().forEach((token, bias) -> fields.put("logit_bias." + token, bias.toString()));
        defaults.seed().ifPresent(value -> fields.put("seed", Long.toString(value)));
        for (int i = 0; i < defaults.stop().size(); i++) {
            fields.put("stop." + i, defaults.stop().get(i));
        }
        fields.put("n", Integer.toString(defaults.n()));
        fields.put("ignore_eos", Boolean.toString(defaults.ignoreEos()));
        putAnswer(fields, defaults.answer());
        return fields;
    }

    /** Nothing where nothing is asked, so that runs from before these options keep their ids. */
    private static void putAnswer(SortedMap<String, String> fields, AnswerOptions answer) {
        if (answer.format() instanceof OutputFormat.Grammar grammar) {
            fields.put("grammar", grammar.gbnf());
        } else if (answer.format() instanceof OutputFormat.JsonSchema schema) {
            fields.put("json_schema", schema.schema());
        } else if (answer.constrained()) {
            fields.put("response_format", "json_object");
        }
        answer.topLogprobs().ifPresent(top -> fields.put("top_logprobs", Integer.toString(top)));
        if (!answer.prefill().isEmpty()) {
            fields.put("prefill", answer.prefill());
        }
        if (answer.loopStop() > 0) {
            fields.put("loop_stop", Integer.toString(answer.loopStop()));
        }
        if (!answer.lora().isEmpty()) {
            fields.put("lora", answer.lora());
        }
    }

    /** On one line, so that no value can pass for another field. */
    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"") + '"';
    }
}
