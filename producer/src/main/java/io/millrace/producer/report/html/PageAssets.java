package io.millrace.producer.report.html;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What the page is made of. uPlot comes from its webjar and must be the very file that this page was made for.
 *
 * <p>Immutable.
 */
record PageAssets(
        String template, String chartLicense, String chartStyle, String style, String chartScript, String script) {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";
    private static final String UPLOT_SCRIPT_SHA256 =
            "7f29cd14e36d84141ab49c5e0a806d88e4d855596a9bc0e10799bc2c114b4c4f";
    private static final String UPLOT_STYLE_SHA256 = "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04";

    /** In this order they are one script, each knowing those before it. */
    private static final List<String> SCRIPTS = List.of(
            "dom.js",
            "format.js",
            "theme.js",
            "filter.js",
            "diff.js",
            "link.js",
            "data.js",
            "virtual-list.js",
            "chart.js",
            "charts.js",
            "overview-tables.js",
            "overview.js",
            "filter-bar.js",
            "tasks-view.js",
            "detail.js",
            "prompts-view.js",
            "main.js");

    static PageAssets load() throws IOException {
        StringBuilder script = new StringBuilder("(() => {\n\"use strict\";\n");
        for (String name : SCRIPTS) {
            script.append("\n// ").append(name).append('\n').append(text(name));
        }
        script.append("})();\n");
        return new PageAssets(
                text("page.mustache"),
                chartLicenseText(),
                chartStyleText(),
                text("palette.css") + text("style.css"),
                chartScriptText(),
                script.toString());
    }

    static String chartLicenseText() throws IOException {
        return text(UPLOT + "LICENSE");
    }

    static String chartStyleText() throws IOException {
        return checked(UPLOT + "dist/uPlot.min.css", UPLOT_STYLE_SHA256);
    }

    static String chartScriptText() throws IOException {
        return checked(UPLOT + "dist/uPlot.iife.min.js", UPLOT_SCRIPT_SHA256);
    }

    /** The content security policy: these scripts and styles by their hashes, and nothing from anywhere. */
    String policy() {
        return "default-src 'none'; base-uri 'none'; form-action 'none'; script-src " + source(chartScript) + " "
                + source(script) + "; style-src " + source(chartStyle) + " " + source(style);
    }

    private static String source(String text) {
        return "'sha256-" + Base64.getEncoder().encodeToString(sha256(text.getBytes(StandardCharsets.UTF_8))) + "'";
    }

    static String text(String name) throws IOException {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    private static String checked(String name, String sha256) throws IOException {
        byte[] bytes = bytes(name);
        String found = HexFormat.of().formatHex(sha256(bytes));
        if (!found.equals(sha256)) {
            throw new IOException(name + " on the class path is not the file of uPlot 1.6.30: its sha256 is " + found
                    + ", not " + sha256 + "; build again from a clean repository");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = PageAssets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not on the class path; build again");
            }
            return in.readAllBytes();
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
