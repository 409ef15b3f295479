package io.millrace.producer.report.html;

import io.millrace.producer.report.Evaluation;
import io.millrace.producer.report.Figures;
import io.millrace.producer.report.MarkdownReport;
import io.millrace.producer.report.json.ReportJson;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The folder of a report: {@code index.html}, {@code report.json} and {@code report.md}. Thread-safe. */
public final class ReportFolder {

    private ReportFolder() {}

    /**
     * Writes the three files, each whole or not at all, over those of a former report.
     *
     * @param browsed how many samples the page may hold; whole tasks beyond are in the figures only
     * @return the page
     */
    public static Path write(Path folder, Evaluation evaluation, long browsed) throws IOException {
        Figures figures = Figures.of(evaluation);
        Files.createDirectories(folder);
        replace(folder.resolve("report.json"), out -> ReportJson.write(out, evaluation, figures));
        replace(folder.resolve("report.md"), out -> out.write(MarkdownReport.of(evaluation, figures)));
        Path page = folder.resolve("index.html");
        replace(page, out -> new ReportPage(evaluation, figures, browsed).write(out));
        return page;
    }

    /** Writes a text. */
    public interface Content {
        void write(Writer out) throws IOException;
    }

    /** Gives a file this content, whole or not at all; half a pair of surrogates becomes a question mark. */
    public static void replace(Path file, Content content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (Writer out = new BufferedWriter(new OutputStreamWriter(
                Files.newOutputStream(temporary),
                StandardCharsets.UTF_8
                        .newEncoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)))) {
            content.write(out);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
