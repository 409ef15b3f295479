package io.millrace.producer.report.html;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.samskivert.mustache.Mustache;
import io.millrace.producer.report.Evaluation;
import io.millrace.producer.report.Figures;
import io.millrace.producer.report.json.ReportJson;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;

/**
 * The page: the template with styles and scripts, the figures and the tasks as JSON in it. Its policy lets run nothing but
 * these very scripts, and load nothing at all.
 *
 * <p>Immutable.
 */
final class ReportPage {
    private static final JsonFactory JSON = new JsonFactory()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);

    private final Evaluation evaluation;
    private final Figures figures;
    private final int browsed;

    /** @param samples how many the page may hold */
    ReportPage(Evaluation evaluation, Figures figures, long samples) {
        this.evaluation = evaluation;
        this.figures = figures;
        this.browsed = AnswersJson.tasksWithin(evaluation, samples);
    }

    void write(Writer out) throws IOException {
        PageAssets assets = PageAssets.load();
        Map<String, Object> values = Map.of(
                "title", evaluation.title(),
                "policy", assets.policy(),
                "chartLicense", assets.chartLicense(),
                "chartStyle", assets.chartStyle(),
                "style", assets.style(),
                "chartScript", assets.chartScript(),
                "script", assets.script(),
                "report", json(this::writeReport),
                "answers", json(json -> AnswersJson.write(json, evaluation, browsed)));
        Mustache.compiler().compile(assets.template()).execute(values, out);
    }

    private void writeReport(JsonGenerator json) throws IOException {
        json.writeStartObject();
        ReportJson.writeFields(json, evaluation, figures);
        json.writeNumberField("tasks_left_out", evaluation.tasks().size() - browsed);
        json.writeEndObject();
    }

    private interface JsonContent {
        void write(JsonGenerator json) throws IOException;
    }

    /** Written straight into the page, so that it is never one text in memory and never read as a template. */
    private static Mustache.Lambda json(JsonContent content) {
        return (fragment, out) -> {
            JsonGenerator json = JSON.createGenerator(new ScriptSafe(out));
            content.write(json);
            json.flush();
        };
    }
}
