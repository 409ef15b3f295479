package io.millrace.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.Job;
import io.millrace.job.OutputFormat;
import io.millrace.job.SamplingParams;
import io.millrace.worker.chat.ChatMl;
import io.millrace.worker.decode.Arrival;
import io.millrace.worker.decode.DecodeSettings;
import io.millrace.worker.decode.Decoding;
import io.millrace.worker.decode.PromptReader;
import io.millrace.worker.pipeline.Decoder.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs of every kind at a time, drawn by a seed: prompts of a character up to beyond the context, all parameters, formats
 * and options together, and cancellations. {@code -Dmixed.jobs=5000} is the whole load, which also looks for leaks.
 */
class MixedLoadTest {
    private static final int JOBS = Integer.getInteger("mixed.jobs", 150);
    private static final int ENOUGH_TO_SEE_A_LEAK = 2000;
    private static final long LEAK_BYTES = 48L << 20;
    /** Soon full, so that cells are freed as well. */
    private static final long PREFIX_CACHE_BYTES = 4 << 20;

    private static final int SLOT_TOKENS = 256;
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyJobEndsAsItsParametersSay(boolean unified) throws IOException {
        Map<Long, Job> jobs = new HashMap<>();
        Map<Long, Outcome> outcomes = new HashMap<>();
        Set<Long> cancelled = new HashSet<>();
        Random random = new Random(unified ? 7 : 20261123);
        LlamaEngineConfig config = LlamaEngineConfig.of(TestFiles.TINY_CHATML)
                .withSlots(8, SLOT_TOKENS, 128)
                .withThreads(1, 1, 1)
                .withKvUnified(unified);
        long atHalf = 0;
        try (LlamaEngine engine = LlamaEngine.open(config)) {
            Decoding decoding = new Decoding(engine, DecodeSettings.of(unified, PREFIX_CACHE_BYTES), System::nanoTime);
            PromptReader reader = new PromptReader(engine.tokenizer(), engine.info());
            long next = 0;
            while (next < JOBS || !decoding.idle()) {
                for (int burst = random.nextInt(4);
                        burst > 0 && next < JOBS && jobs.size() - outcomes.size() < 64;
                        burst--) {
                    Job job = MixedJobs.draw(
                            random,
                            next,
                            engine.info().slotTokens(),
                            engine.tokenizer().size());
                    jobs.put(next, job);
                    decoding.accept(reader.read(next, job, 0));
                    next++;
                }
                if (random.nextInt(200) == 0 && next > 0) {
                    long victim = next - 1 - random.nextInt((int) Math.min(next, 20));
                    cancelled.add(victim);
                    decoding.accept(new Arrival.Cancelled(victim));
                }
                decoding.step();
                decoding.takeOutcomes()
                        .forEach(outcome -> assertThat(outcomes.put(outcome.ticket(), outcome))
                                .as("outcomes of job %d", outcome.ticket())
                                .isNull());
                if (atHalf == 0 && next >= JOBS / 2) {
                    atHalf = residentBytes();
                }
            }
            if (JOBS >= ENOUGH_TO_SEE_A_LEAK) {
                assertThat(residentBytes() - atHalf)
                        .as("growth in the second half")
                        .isLessThan(LEAK_BYTES);
            }
            for (Job job : jobs.values()) {
                Outcome outcome = outcomes.get(job.id().index());
                if (outcome == null) {
                    assertThat(cancelled).contains(job.id().index());
                } else {
                    assertAsSpecified(engine, job, outcome);
                }
            }
        }
        assertThat(outcomes.values().stream()
                        .filter(Outcome.Answered.class::isInstance)
                        .count())
                .isGreaterThan(JOBS / 2);
    }

    private static void assertAsSpecified(LlamaEngine engine, Job job, Outcome outcome) throws JsonProcessingException {
        int prompt = engine.tokenizer()
                .encode(ChatMl.render(job.messages(), job.params().answer().prefill()))
                .length;
        if (outcome instanceof Outcome.Refused refused) {
            boolean tooLong = prompt + job.params().maxTokens() > SLOT_TOKENS;
            boolean wrongBias = job.params().logitBias().keySet().stream()
                    .anyMatch(token -> token >= engine.tokenizer().size());
            assertThat(tooLong || wrongBias).as("%s: %s", job, refused).isTrue();
            assertThat(refused.kind())
                    .isEqualTo(wrongBias ? FailureKind.INVALID_JOB : FailureKind.CONTEXT_WINDOW_EXCEEDED);
            return;
        }
        Outcome.Answered answered = (Outcome.Answered) outcome;
        assertThat(answered.usage().promptTokens()).isEqualTo(prompt);
        assertThat(answered.usage().cachedTokens()).isBetween(0, prompt - 1);
        assertThat(answered.choices()).hasSize(job.params().n());
        int tokens = 0;
        for (Choice choice : answered.choices()) {
            assertChoice(job.params(), choice);
            tokens += choice.completionTokens();
        }
        assertThat(answered.usage().completionTokens()).isEqualTo(tokens);
    }

    private static void assertChoice(SamplingParams params, Choice choice) throws JsonProcessingException {
        assertThat(choice.completionTokens()).isBetween(1, params.maxTokens());
        for (String stop : params.stop()) {
            assertThat(choice.text()).doesNotContain(stop);
        }
        switch (choice.finishReason()) {
            case LENGTH -> assertThat(choice.completionTokens()).isEqualTo(params.maxTokens());
            case REPETITION -> assertThat(params.answer().loopStop()).isBetween(1, choice.completionTokens());
            case STOP -> {
                if (params.ignoreEos()) {
                    assertThat(params.stop())
                            .as("what ends a text in spite of ignore_eos")
                            .isNotEmpty();
                }
            }
        }
        if (choice.finishReason() == FinishReason.STOP && params.stop().isEmpty()) {
            assertFormat(params.answer().format(), choice.text());
        }
        assertThat(choice.logprobs().isPresent())
                .isEqualTo(params.answer().topLogprobs().isPresent());
        choice.logprobs()
                .ifPresent(logprobs -> assertThat(logprobs)
                        .allSatisfy(token -> assertThat(token.top())
                                .hasSize(params.answer().topLogprobs().orElseThrow())));
    }

    private static void assertFormat(OutputFormat format, String text) throws JsonProcessingException {
        if (format instanceof OutputFormat.Grammar) {
            assertThat(text).matches(MixedJobs.GRAMMAR_AS_PATTERN);
        } else if (format instanceof OutputFormat.JsonObject) {
            assertThat(JSON.readTree(text).isObject()).isTrue();
        } else if (format instanceof OutputFormat.JsonSchema) {
            assertThat(JSON.readTree(text).get("ok").isBoolean()).isTrue();
        }
    }

    private static long residentBytes() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
