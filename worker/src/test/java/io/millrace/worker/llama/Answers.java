package io.millrace.worker.llama;

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

/** Jobs that are run by an engine, all handed over before the first step; outcomes by the job's index. */
final class Answers {
    private final Map<Long, Outcome> outcomes = new HashMap<>();

    private Answers() {}

    static Answers of(Engine engine, List<Job> jobs) {
        return of(engine, jobs, DecodeSettings.DEFAULTS);
    }

    static Answers of(Engine engine, List<Job> jobs, DecodeSettings settings) {
        Answers answers = new Answers();
        Decoding decoding = new Decoding(engine, settings, System::nanoTime);
        PromptReader reader = new PromptReader(engine.tokenizer(), engine.info());
        for (Job job : jobs) {
            decoding.accept(reader.read(job.id().index(), job, 0));
        }
        answers.keep(decoding);
        while (!decoding.idle()) {
            decoding.step();
            answers.keep(decoding);
        }
        return answers;
    }

    private void keep(Decoding decoding) {
        decoding.takeOutcomes().forEach(outcome -> outcomes.put(outcome.ticket(), outcome));
    }

    Outcome outcome(long index) {
        return outcomes.get(index);
    }

    List<Choice> choices(long index) {
        if (outcomes.get(index) instanceof Outcome.Answered answered) {
            return answered.choices();
        }
        throw new AssertionError("job " + index + " was not answered: " + outcomes.get(index));
    }

    List<String> texts(long index) {
        return choices(index).stream().map(Choice::text).toList();
    }
}
