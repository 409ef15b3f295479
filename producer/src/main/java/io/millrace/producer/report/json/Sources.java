package io.millrace.producer.report.json;

import io.millrace.producer.files.OutputException;
import io.millrace.producer.report.Evaluation;
import io.millrace.producer.report.Join;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what the user names: the folder of a run or the file of a sampling report. Thread-safe. */
public final class Sources {

    private Sources() {}

    /** @throws OutputException when it is neither, saying why */
    public static Evaluation read(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new OutputException(
                    path + ": no such file or folder; name the folder of a run or the file of a sampling report");
        }
        return Files.isDirectory(path) ? new RunFolder(path).read() : SamplingReportFile.read(path);
    }

    /** All of them side by side. */
    public static Evaluation read(List<Path> paths) throws IOException {
        List<Evaluation> evaluations = new ArrayList<>();
        for (Path path : paths) {
            evaluations.add(read(path));
        }
        return evaluations.size() == 1 ? evaluations.get(0) : Join.of(evaluations);
    }

    /** The last name of a path, for people. */
    static String name(Path path) {
        Path last = path.toAbsolutePath().normalize().getFileName();
        return last == null ? path.toString() : last.toString();
    }
}
