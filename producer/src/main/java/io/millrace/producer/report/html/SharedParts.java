package io.millrace.producer.report.html;

import java.io.IOException;
import java.util.List;

/**
 * What other pages take over from the report's: its colours, its charts, and scripts for elements, numbers and themes.
 *
 * <p>Immutable.
 *
 * @param palette style variables, dark and light
 * @param scripts functions to stand in the page's own script
 * @param themeScript of these, the one for themes
 * @param chartScript uPlot, with its licence
 */
public record SharedParts(String palette, String scripts, String themeScript, String chartStyle, String chartScript) {
    private static final List<String> SCRIPTS = List.of("dom.js", "format.js", "theme.js", "chart.js");

    public static SharedParts load() throws IOException {
        StringBuilder scripts = new StringBuilder();
        for (String name : SCRIPTS) {
            scripts.append("\n// ").append(name).append('\n').append(PageAssets.text(name));
        }
        return new SharedParts(
                PageAssets.text("palette.css"),
                scripts.toString(),
                PageAssets.text("theme.js"),
                PageAssets.chartStyleText(),
                "/*\n" + PageAssets.chartLicenseText() + "*/\n" + PageAssets.chartScriptText());
    }
}
