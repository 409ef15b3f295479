package io.millrace.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.job.AnswerOptions;
import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.InvalidFieldException;
import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.JobModels;
import io.millrace.job.JobResult;
import io.millrace.job.Message;
import io.millrace.job.OutputFormat;
import io.millrace.job.Provenance;
import io.millrace.job.RunManifest;
import io.millrace.job.SamplingParams;
import io.millrace.job.Timings;
import io.millrace.job.TokenLogprob;
import io.millrace.job.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CodecTest {
    private static final JobId ID = new JobId("a1b2c3", 41);
    private static final Provenance PROVENANCE =
            new Provenance("tiny", "00ff", "Q8_0", "chatml", "llama.cpp 0.5.0", "worker-1", 2);

    @Test
    void aJobComesBackWhole() {
        SamplingParams params = new SamplingParams(
                7,
                0.25,
                3,
                0.5,
                0.125,
                1.5,
                -1,
                0.75,
                -0.5,
                Map.of(5, -100.0, 9, 1.5),
                OptionalLong.of(-3),
                List.of("\n\n", "END"),
                4,
                true);
        Job job = new Job(
                ID,
                "żółw \u0000 \ud83d\ude00",
                List.of(new Message("system", "s"), new Message("user", "a \"quote\"\n")),
                params,
                Long.MIN_VALUE,
                "{\"x\": 1.000, \"y\":[1e5]}");

        assertThat(JobCodec.decode(JobCodec.encode(job))).isEqualTo(job);
    }

    @Test
    void aJobWithoutASeedComesBackWithoutOne() {
        Job job = new Job(ID, "c", List.of(new Message("user", "hi")), SamplingParams.DEFAULTS, 1, "");

        assertThat(JobCodec.decode(JobCodec.encode(job))).isEqualTo(job);
    }

    @Test
    void whatAJobAsksOfItsAnswersComesBackWhole() {
        List<OutputFormat> formats = List.of(
                OutputFormat.TEXT,
                new OutputFormat.JsonObject(),
                new OutputFormat.JsonSchema("{\"type\": \"object\", \"properties\":{\"b\":{},\"a\":{}} }"),
                new OutputFormat.Grammar("root ::= \"ż\""));
        for (OutputFormat format : formats) {
            AnswerOptions answer = new AnswerOptions(format, OptionalInt.of(3), "Sure,\n", 30, "red");
            Job job = new Job(ID, "c", List.of(new Message("user", "hi")), SamplingParams.DEFAULTS.with(answer), 1, "");
            assertThat(JobCodec.decode(JobCodec.encode(job))).isEqualTo(job);
        }
    }

    @Test
    void logProbabilitiesComeBackWholeInOpenAisForm() {
        TokenLogprob half = new TokenLogprob(
                TokenLogprob.Scored.of(new byte[] {(byte) 0xc5}, -0.25),
                List.of(TokenLogprob.Scored.of("a".getBytes(UTF_8), -1.5)));
        JobResult answered = new JobResult.Completed(
                ID,
                "c",
                List.of(new Choice(0, "", FinishReason.REPETITION, 2, 7, Optional.of(List.of(half)))),
                new Usage(10, 3, 4),
                new Timings(0.5, 1.25, 2),
                PROVENANCE,
                1_700_000_000,
                "");

        byte[] bytes = ResultCodec.encode(answered);

        assertThat(ResultCodec.decode(bytes)).isEqualTo(answered);
        assertThat(new String(bytes, UTF_8))
                .contains("\"logprobs\":{\"content\":[{\"token\":\"\uFFFD\",\"logprob\":-0.25,\"bytes\":[197],"
                        + "\"top_logprobs\":[{\"token\":\"a\",\"logprob\":-1.5,\"bytes\":[97]}]}],\"refusal\":null}");
    }

    @Test
    void resultsComeBackWhole() {
        JobResult answered = new JobResult.Completed(
                ID,
                "c",
                List.of(new Choice(0, "yes", FinishReason.STOP, 2, 7), new Choice(1, "", FinishReason.LENGTH, 1, -8)),
                new Usage(10, 3, 4),
                new Timings(0.5, 1.25, 2),
                PROVENANCE,
                1_700_000_000,
                "{}");
        JobResult failed =
                new JobResult.Failed(ID, "c", FailureKind.INVALID_JOB, "n must be 1", PROVENANCE, 1_700_000_000, "");

        assertThat(ResultCodec.decode(ResultCodec.encode(answered))).isEqualTo(answered);
        assertThat(ResultCodec.decode(ResultCodec.encode(failed))).isEqualTo(failed);
    }

    @Test
    void aManifestComesBackWhole() {
        RunManifest manifest = new RunManifest(
                "run1", RunManifest.State.SEALED, 12, "tiny", "ab", -5, Map.of(0, 3L, 11, 0L), 1_700_000_000_123L);

        assertThat(ManifestCodec.decode(ManifestCodec.encode(manifest))).isEqualTo(manifest);
    }

    @Test
    void replaysAndDeadlinesComeBack() {
        Job job = new Job(ID, "c", List.of(new Message("user", "hi")), SamplingParams.DEFAULTS, 1, "")
                .resubmitted(3, OptionalLong.of(1_700_000_000_123L));
        Provenance provenance = new Provenance("tiny", "00ff", "Q8_0", "chatml", "llama.cpp", "worker-1", 2, 3);
        JobResult failed = new JobResult.Failed(ID, "c", FailureKind.DEADLINE, "late", provenance, 1_700_000_000, "");
        RunManifest manifest = new RunManifest(
                "run1",
                RunManifest.State.CANCELLED,
                12,
                new JobModels(List.of("tiny", "other", "tiny")),
                "ab",
                -5,
                Map.of(),
                1,
                7,
                OptionalLong.of(99));

        assertThat(JobCodec.decode(JobCodec.encode(job))).isEqualTo(job);
        assertThat(ResultCodec.decode(ResultCodec.encode(failed))).isEqualTo(failed);
        assertThat(ManifestCodec.decode(ManifestCodec.encode(manifest))).isEqualTo(manifest);
    }

    @Test
    void unknownFieldsAreTolerated() {
        Job job = new Job(ID, "c", List.of(new Message("user", "hi")), SamplingParams.DEFAULTS, 1, "");
        String text = new String(JobCodec.encode(job), UTF_8).replaceFirst("\\{", "{\"later\":{\"a\":1},");

        assertThat(JobCodec.decode(text.getBytes(UTF_8))).isEqualTo(job);
    }

    @Test
    void aWrongRecordIsRefusedByNameOfItsField() {
        Job job = new Job(ID, "c", List.of(new Message("user", "hi")), SamplingParams.DEFAULTS, 1, "");
        String text = new String(JobCodec.encode(job), UTF_8);

        assertThatThrownBy(() -> JobCodec.decode("nonsense".getBytes(UTF_8)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("not JSON");
        assertThatThrownBy(() -> JobCodec.decode(new byte[0])).isInstanceOf(WireException.class);
        assertThatThrownBy(
                        () -> JobCodec.decode(text.replace("\"v\":1", "\"v\":9").getBytes(UTF_8)))
                .hasMessageContaining("schema version is 9");
        assertThatThrownBy(() -> JobCodec.decode(
                        text.replace("\"top_k\":40", "\"top_k\":\"x\"").getBytes(UTF_8)))
                .hasMessageContaining("top_k");
        assertThatThrownBy(
                        () -> JobCodec.decode(text.replace("\"n\":1", "\"n\":0").getBytes(UTF_8)))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("n must be");
    }

    @Test
    void samplesOfAJobHaveSeedsOfTheirOwnThatOnlyRunJobAndSampleDecide() {
        Job job = new Job(ID, "c", List.of(new Message("user", "hi")), SamplingParams.DEFAULTS, 1, "");
        Job sibling = new Job(new JobId("other", 41), "d", job.messages(), job.params(), 1, "");
        Job next = new Job(new JobId("a1b2c3", 42), "c", job.messages(), job.params(), 1, "");

        assertThat(job.sampleSeed(0)).isNotEqualTo(job.sampleSeed(1)).isNotEqualTo(next.sampleSeed(0));
        assertThat(job.sampleSeed(0)).isEqualTo(sibling.sampleSeed(0));
    }
}
