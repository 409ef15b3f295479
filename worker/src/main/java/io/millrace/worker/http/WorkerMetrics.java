package io.millrace.worker.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.Timings;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.PipelineFigures;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * The worker's figures as Prometheus text. The names follow vLLM's and llama.cpp's where they have the same figure:
 * {@code num_requests_running}, {@code kv_cache_usage_perc}, {@code generation_tokens_total} and so on.
 *
 * <p>Confined to the event loop.
 */
public final class WorkerMetrics {
    private static final EngineFigures NO_ENGINE = new EngineFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final Duration[] BUCKETS = LongStream.of(
                    1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Tags tags;
    private PipelineFigures pipeline = PipelineFigures.none();
    private EngineFigures engine = NO_ENGINE;
    private EngineFigures earlierEngines = NO_ENGINE;
    private boolean engineUp;
    private long backlog;
    private int slots;
    private final Map<FinishReason, Counter> finished = new EnumMap<>(FinishReason.class);
    private final DistributionSummary promptTokens;
    private final DistributionSummary generatedTokens;
    private final Timer queueTime;
    private final Timer firstToken;
    private final Timer endToEnd;
    private final Timer tokenTime;

    public WorkerMetrics(String model, String worker) {
        this.tags = Tags.of("model_name", model, "worker", worker);
        engineMeters();
        updateMeters();
        pipelineMeters();
        for (FinishReason reason : FinishReason.values()) {
            finished.put(
                    reason,
                    Counter.builder("millrace.request_success")
                            .description("Samples that ended, by reason")
                            .tags(tags.and("finished_reason", reason.wireName()))
                            .register(registry));
        }
        promptTokens = sizes("millrace.request_prompt_tokens", "Tokens of a job's prompt");
        generatedTokens = sizes("millrace.request_generation_tokens", "Tokens of a job's samples together");
        queueTime = times("millrace.request_queue_time", "From the engine's taking a job to its first prompt token");
        firstToken = times("millrace.time_to_first_token", "From the engine's taking a job to its first token");
        endToEnd =
                times("millrace.e2e_request_latency", "From the engine's taking a job to the end of its last sample");
        tokenTime = times("millrace.inter_token_latency", "A job's mean time from token to token of a sample");
    }

    private DistributionSummary sizes(String name, String description) {
        return DistributionSummary.builder(name)
                .description(description)
                .serviceLevelObjectives(16, 64, 256, 1_024, 4_096, 16_384)
                .tags(tags)
                .register(registry);
    }

    private Timer times(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .tags(tags)
                .register(registry);
    }

    private void engineMeters() {
        gauge("millrace.slots", "Places for sequences", m -> m.slots);
        gauge("millrace.num_requests_running", "Sequences that decode", m -> m.engine.runningSequences());
        gauge("millrace.num_requests_waiting", "Sequences without a slot", m -> m.engine.waitingSequences());
        gauge(
                "millrace.kv_cache_usage_perc",
                "Share of the cells that are reserved, 0 to 1",
                m -> m.engine.kvCapacity() == 0 ? 0 : (double) m.engine.kvTokens() / m.engine.kvCapacity());
        gauge("millrace.engine_up", "1 while the engine takes jobs", m -> m.engineUp ? 1 : 0);
        counter("millrace.prompt_tokens", "Prompt tokens decoded", m -> m.total(EngineFigures::promptTokens));
        counter(
                "millrace.prefix_cache_hits",
                "Prompt tokens found in the cache",
                m -> m.total(EngineFigures::cachedTokens));
        counter(
                "millrace.prefix_cache_queries",
                "Prompt tokens looked for in the cache",
                m -> m.total(EngineFigures::promptTokens) + m.total(EngineFigures::cachedTokens));
        counter("millrace.generation_tokens", "Tokens sampled", m -> m.total(EngineFigures::generatedTokens));
        counter("millrace.decode_steps", "Native decodes", m -> m.total(EngineFigures::steps));
        counter(
                "millrace.decode_seconds",
                "Time in native decode and sampling",
                m -> m.total(EngineFigures::decodeNanos) / NANOS_PER_SECOND);
        counter(
                "millrace.schedule_seconds",
                "Time planning steps",
                m -> m.total(EngineFigures::scheduleNanos) / NANOS_PER_SECOND);
    }

    private void updateMeters() {
        counter(
                "millrace.update_seconds",
                "Time after steps: texts, stops and outcomes",
                m -> m.total(EngineFigures::updateNanos) / NANOS_PER_SECOND);
        gauge("millrace.kv_cache_tokens", "Cells that are reserved", m -> m.engine.kvTokens());
        gauge("millrace.kv_cache_capacity_tokens", "Cells there are", m -> m.engine.kvCapacity());
    }

    private void pipelineMeters() {
        gauge("millrace.partitions_owned", "Partitions of the jobs topic", m -> m.pipeline.partitions());
        gauge("millrace.group_backlog", "Unfinished jobs of the model in all partitions", m -> m.backlog);
        gauge("millrace.jobs_waiting", "Jobs taken and not in the engine", m -> m.pipeline.waiting());
        gauge("millrace.jobs_running", "Jobs in the engine", m -> m.pipeline.running());
        gauge("millrace.results_pending", "Results made and not committed", m -> m.pipeline.pending());
        counter("millrace.jobs_answered", "Jobs answered", m -> m.pipeline.answered());
        counter("millrace.job_retries", "Attempts run again after a refusal", m -> m.pipeline.retried());
        counter("millrace.engine_deaths", "Deaths of the engine process", m -> m.pipeline.engineDeaths());
        counter("millrace.transactions_committed", "Committed transactions", m -> m.pipeline.publications());
        counter("millrace.transactions_aborted", "Transactions that were not committed", m -> m.pipeline.aborted());
        for (FailureKind kind : FailureKind.values()) {
            FunctionCounter.builder(
                            "millrace.jobs_failed",
                            this,
                            m -> m.pipeline.failed().getOrDefault(kind, 0L))
                    .description("Jobs that failed for good")
                    .tags(tags.and("kind", kind.name()))
                    .register(registry);
        }
    }

    private void gauge(String name, String description, ToDoubleFunction<WorkerMetrics> value) {
        Gauge.builder(name, this, value).description(description).tags(tags).register(registry);
    }

    private void counter(String name, String description, ToDoubleFunction<WorkerMetrics> value) {
        FunctionCounter.builder(name, this, value)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private double total(java.util.function.ToLongFunction<EngineFigures> figure) {
        return (double) figure.applyAsLong(earlierEngines) + figure.applyAsLong(engine);
    }

    /** How many slots the engine has, once it is ready. */
    public void slots(int places) {
        slots = places;
    }

    /** Newer figures of the same pipeline. */
    public void update(PipelineFigures figures, boolean engineIsUp, long groupBacklog) {
        pipeline = figures;
        engineUp = engineIsUp;
        backlog = groupBacklog;
    }

    /** Attempts that have ended in the engine; failures are counted by the pipeline. */
    public void finished(List<Decoder.Outcome> outcomes) {
        for (Decoder.Outcome outcome : outcomes) {
            if (outcome instanceof Decoder.Outcome.Answered answered) {
                answered(answered);
            }
        }
    }

    private void answered(Decoder.Outcome.Answered answered) {
        answered.choices().forEach(choice -> finished.get(choice.finishReason()).increment());
        promptTokens.record(answered.usage().promptTokens());
        generatedTokens.record(answered.usage().completionTokens());
        Timings timings = answered.timings();
        double first = timings.queueMillis() + timings.promptMillis();
        record(queueTime, timings.queueMillis());
        record(firstToken, first);
        record(endToEnd, first + timings.generationMillis());
        int samples = answered.choices().size();
        if (answered.usage().completionTokens() > samples) {
            record(
                    tokenTime,
                    timings.generationMillis() * samples / (answered.usage().completionTokens() - samples));
        }
    }

    private static void record(Timer timer, double millis) {
        timer.record(Math.round(millis * 1e6), TimeUnit.NANOSECONDS);
    }

    /** Newer figures of the engine; an engine that was restarted counts from 0 again and adds to the earlier ones. */
    public void update(EngineFigures figures) {
        if (figures.steps() < engine.steps()) {
            earlierEngines = new EngineFigures(
                    earlierEngines.steps() + engine.steps(),
                    earlierEngines.promptTokens() + engine.promptTokens(),
                    earlierEngines.cachedTokens() + engine.cachedTokens(),
                    earlierEngines.generatedTokens() + engine.generatedTokens(),
                    earlierEngines.finishedSequences() + engine.finishedSequences(),
                    0,
                    0,
                    0,
                    0,
                    earlierEngines.scheduleNanos() + engine.scheduleNanos(),
                    earlierEngines.decodeNanos() + engine.decodeNanos(),
                    earlierEngines.updateNanos() + engine.updateNanos());
        }
        engine = figures;
    }

    /** Prometheus text, version 0.0.4. */
    public String scrape() {
        return registry.scrape();
    }
}
