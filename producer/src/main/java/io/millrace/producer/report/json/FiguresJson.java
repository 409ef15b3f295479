package io.millrace.producer.report.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.producer.report.Comparison;
import io.millrace.producer.report.Cost;
import io.millrace.producer.report.Figures;
import io.millrace.producer.report.Lengths;
import io.millrace.producer.report.PointFigures;
import io.millrace.producer.report.ScoreFigures;
import io.millrace.producer.report.SweptParameter;
import io.millrace.producer.score.Interval;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalDouble;

/** Figures as fields of the object that is open. Thread-safe. */
final class FiguresJson {

    private FiguresJson() {}

    static void writeFields(JsonGenerator json, Figures figures) throws IOException {
        json.writeObjectFieldStart("bins");
        bins(json, "characters", figures.characters());
        bins(json, "tokens", figures.tokens());
        json.writeEndObject();
        json.writeArrayFieldStart("comparisons");
        for (Comparison comparison : figures.comparisons()) {
            write(json, comparison);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("swept");
        for (SweptParameter swept : figures.swept()) {
            json.writeStartObject();
            json.writeStringField("name", swept.name());
            json.writeArrayFieldStart("lines");
            for (SweptParameter.Line line : swept.lines()) {
                json.writeStartObject();
                json.writeStringField("label", line.label());
                json.writeFieldName("points");
                int[] points =
                        line.points().stream().mapToInt(Integer::intValue).toArray();
                json.writeArray(points, 0, points.length);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void bins(JsonGenerator json, String name, Lengths.Bins bins) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("width", bins.width());
        json.writeNumberField("count", bins.count());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Comparison comparison) throws IOException {
        json.writeStartObject();
        json.writeStringField("scorer", comparison.scorer());
        json.writeNumberField("first", comparison.first());
        json.writeNumberField("second", comparison.second());
        json.writeNumberField("tasks", comparison.tasks());
        interval(json, "difference", comparison.difference().interval());
        json.writeNumberField("bootstrap_p", comparison.difference().pValue());
        if (comparison.discordance().isPresent()) {
            Comparison.Discordance discordance = comparison.discordance().get();
            json.writeObjectFieldStart("mcnemar");
            json.writeNumberField("only_first", discordance.onlyFirst());
            json.writeNumberField("only_second", discordance.onlySecond());
            json.writeNumberField("p", discordance.pValue());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    static void writePoint(JsonGenerator json, PointFigures point) throws IOException {
        json.writeNumberField("jobs", point.jobs());
        json.writeNumberField("failed", point.failed());
        json.writeNumberField("samples", point.samples());
        json.writeNumberField("identical", point.identical());
        json.writeObjectFieldStart("finish_reasons");
        for (Map.Entry<String, Long> reason : point.finishReasons().entrySet()) {
            json.writeNumberField(reason.getKey(), reason.getValue());
        }
        json.writeEndObject();
        if (point.characters().isPresent()) {
            lengths(json, "characters", point.characters().get());
        }
        if (point.tokens().isPresent()) {
            lengths(json, "tokens", point.tokens().get());
        }
        if (point.cost().isPresent()) {
            cost(json, point.cost().get(), point.medianSeconds());
        }
        json.writeObjectFieldStart("scores");
        for (Map.Entry<String, ScoreFigures> score : point.scores().entrySet()) {
            json.writeObjectFieldStart(score.getKey());
            json.writeNumberField("tasks", score.getValue().tasks());
            interval(json, "mean", score.getValue().mean());
            json.writeObjectFieldStart("pass_at_k");
            for (Map.Entry<Integer, Interval> pass : score.getValue().passAtK().entrySet()) {
                interval(json, Integer.toString(pass.getKey()), pass.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void lengths(JsonGenerator json, String name, Lengths lengths) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("mean", lengths.mean());
        json.writeNumberField("median", lengths.median());
        json.writeNumberField("p95", lengths.p95());
        json.writeNumberField("max", lengths.max());
        json.writeFieldName("counts");
        json.writeArray(lengths.counts(), 0, lengths.counts().length);
        json.writeEndObject();
    }

    private static void cost(JsonGenerator json, Cost cost, double medianSeconds) throws IOException {
        json.writeObjectFieldStart("cost");
        json.writeNumberField("prompt_tokens", cost.promptTokens());
        json.writeNumberField("cached_tokens", cost.cachedTokens());
        json.writeNumberField("completion_tokens", cost.completionTokens());
        json.writeNumberField("prompt_seconds", cost.promptMillis() / 1000);
        json.writeNumberField("generation_seconds", cost.generationMillis() / 1000);
        json.writeNumberField("tokens_per_second", cost.tokensPerSecond());
        json.writeNumberField("median_seconds", medianSeconds);
        json.writeEndObject();
    }

    private static void interval(JsonGenerator json, String name, Interval interval) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("mean", interval.mean());
        json.writeNumberField("low", interval.low());
        json.writeNumberField("high", interval.high());
        json.writeEndObject();
    }

    static void number(JsonGenerator json, OptionalDouble number) throws IOException {
        if (number.isPresent()) {
            json.writeNumber(number.getAsDouble());
        } else {
            json.writeNull();
        }
    }
}
