package io.millrace.cli.http;

import io.millrace.producer.report.html.SharedParts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that the page is made of, by their paths. They hold nothing of a cluster.
 *
 * <p>Immutable.
 */
record Assets(Map<String, Asset> byPath) {
    private static final List<String> SCRIPTS = List.of("tokens-chart.js", "lists.js", "main.js");

    /** A file and its media type. */
    record Asset(String type, String text) {}

    static Assets load() throws IOException {
        StringBuilder script = new StringBuilder("(() => {\n\"use strict\";\n");
        SharedParts shared = SharedParts.load();
        script.append(shared.scripts());
        for (String name : SCRIPTS) {
            script.append("\n// ").append(name).append('\n').append(text(name));
        }
        script.append("})();\n");
        return new Assets(Map.of(
                "/", new Asset("text/html", text("index.html")),
                "/login", new Asset("text/html", text("login.html")),
                "/icon.svg", new Asset("image/svg+xml", text("icon.svg")),
                "/style.css", new Asset("text/css", shared.palette() + text("style.css")),
                "/chart.css", new Asset("text/css", shared.chartStyle()),
                "/chart.js", new Asset("text/javascript", shared.chartScript()),
                "/theme.js", new Asset("text/javascript", "{\n" + shared.themeScript() + "theme(false);\n}\n"),
                "/dashboard.js", new Asset("text/javascript", script.toString())));
    }

    Optional<Asset> at(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    private static String text(String name) throws IOException {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not on the class path; build again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
