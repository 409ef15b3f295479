package io.millrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.worker.app.BenchReport;
import io.millrace.worker.pipeline.EngineFigures;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A benchmark's report as a table and as JSON. Thread-safe. */
final class BenchText {
    private static final double MILLI_NANOS = 1e6;

    private BenchText() {}

    static String table(BenchReport report) {
        StringBuilder table = new StringBuilder();
        figures(report)
                .forEach((name, value) ->
                        table.append(String.format(Locale.ROOT, "%-28s %s%n", name.replace('_', ' '), shown(value))));
        return table.toString();
    }

    static String json(BenchReport report) {
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(figures(report))
                    + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("names and numbers can always be written", e);
        }
    }

    private static String shown(Object value) {
        return value instanceof Double number ? String.format(Locale.ROOT, "%,.3f", number) : String.valueOf(value);
    }

    private static Map<String, Object> figures(BenchReport report) {
        EngineFigures figures = report.figures();
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("model", report.engine().modelFile());
        named.put("quantization", report.engine().quantization());
        named.put("backend", report.engine().backend());
        named.put("slots", report.engine().slots());
        named.put("slot_tokens", report.engine().slotTokens());
        named.put("step_tokens", report.engine().stepTokens());
        named.put("lanes", report.lanes());
        named.put("threads", report.engine().threads());
        named.put("decode_ceiling_tokens_per_s", report.decodeCeiling());
        named.put("decode_ceiling_step_ms", report.ceilingStepMillis());
        named.put("jobs", report.jobs());
        named.put("seconds", report.seconds());
        named.put("jobs_per_s", report.jobsPerSecond());
        named.put("completion_tokens", figures.generatedTokens());
        named.put("completion_tokens_per_s", report.completionTokensPerSecond());
        named.put("prompt_tokens_decoded", figures.promptTokens());
        named.put("prompt_tokens_cached", figures.cachedTokens());
        named.put("tokens_per_s", report.tokensPerSecond());
        named.put("slot_occupancy", report.occupancy());
        named.put("steps", figures.steps());
        named.put("step_ms_mean", report.steps().mean());
        named.put("step_ms_median", report.steps().median());
        named.put("step_ms_p90", report.steps().p90());
        named.put("step_ms_p99", report.steps().p99());
        named.put("step_ms_longest", report.steps().longest());
        named.put("schedule_ms_per_step", perStep(figures.scheduleNanos(), figures));
        named.put("decode_and_sample_ms_per_step", perStep(figures.decodeNanos(), figures));
        named.put("update_ms_per_step", perStep(figures.updateNanos(), figures));
        return named;
    }

    private static double perStep(long nanos, EngineFigures figures) {
        return nanos / MILLI_NANOS / Math.max(1, figures.steps());
    }
}
