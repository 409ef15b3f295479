package io.millrace.producer.sweep;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.files.InputException;
import io.millrace.producer.plan.PromptTemplate;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** Makes the samples of a run into tasks for a model that judges them. Thread-safe. */
public final class JudgeTasks {
    /** Asks for a rating in the brackets that {@link Verdicts} looks for. */
    public static final String DEFAULT_TEMPLATE = """
            Judge the answer that an assistant gave to a user. Look at whether it is correct, helpful, relevant and \
            complete, and not at its length. Explain in a few sentences, then end with a rating from 0, useless, to 10, \
            perfect, in this form: [[rating]], for example: [[5]].

            [User]
            {{prompt}}

            [Assistant]
            {{answer}}
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    private JudgeTasks() {}

    /** The name of a sample's task. */
    static String name(RunSample sample) {
        return sample.customId() + "#" + sample.index();
    }

    /**
     * Writes a task a line: {@code {"custom_id": "<job>#<sample>", "prompt"}}.
     *
     * @param template may name {@code prompt}, {@code answer} and the task's fields
     * @return how many
     * @throws InputException when a task lacks what the template names
     */
    public static long write(Path folder, PromptTemplate template, Path file) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        long tasks = 0;
        try (RunSamples samples = new RunSamples(folder);
                BufferedWriter out = Files.newBufferedWriter(temporary)) {
            for (List<RunSample> job = samples.next(); !job.isEmpty(); job = samples.next()) {
                for (RunSample sample : job) {
                    String prompt = template.fill(name -> value(sample, name));
                    out.write(JSON.writeValueAsString(Map.of("custom_id", name(sample), "prompt", prompt)));
                    out.write('\n');
                    tasks++;
                }
            }
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return tasks;
    }

    private static String value(RunSample sample, String name) {
        return switch (name) {
            case PromptTemplate.PROMPT -> sample.sample().prompt();
            case "answer" -> sample.sample().text();
            default ->
                sample.sample()
                        .field(name)
                        .orElseThrow(() -> new InputException("task '" + sample.task() + "': " + name
                                + ": is missing, and the judge's template names it"));
        };
    }
}
