package io.millrace.worker.app;

import io.millrace.job.Choice;
import io.millrace.job.Job;
import io.millrace.worker.decode.DecodeSettings;
import io.millrace.worker.decode.Decoding;
import io.millrace.worker.decode.Engine;
import io.millrace.worker.decode.PromptReader;
import io.millrace.worker.pipeline.Decoder.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs jobs again, one sequence at a time, in this process. Confined to the calling thread. */
public final class Rerun {

    private Rerun() {}

    /**
     * The samples by the job's index; a job that was refused has none.
     *
     * @throws io.millrace.worker.decode.EngineException when the model does not load or a step fails
     */
    public static Map<Long, List<Choice>> of(EngineOptions options, List<Job> jobs) {
        EngineOptions alone = options.alone();
        Map<Long, List<Choice>> answers = new HashMap<>();
        try (Engine engine =
                EngineMain.engines(alone, EngineLayout.of(alone)).get(0).get()) {
            Decoding decoding = new Decoding(engine, DecodeSettings.DEFAULTS, System::nanoTime);
            PromptReader reader = new PromptReader(engine.tokenizer(), engine.info());
            for (Job job : jobs) {
                decoding.accept(reader.read(job.id().index(), job, System.nanoTime()));
            }
            while (!decoding.idle()) {
                decoding.step();
            }
            for (Outcome outcome : decoding.takeOutcomes()) {
                answers.put(
                        outcome.ticket(),
                        outcome instanceof Outcome.Answered answered ? answered.choices() : List.of());
            }
        }
        return answers;
    }
}
