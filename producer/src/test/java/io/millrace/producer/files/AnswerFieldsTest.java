package io.millrace.producer.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.job.AnswerOptions;
import io.millrace.job.OutputFormat;
import io.millrace.job.SamplingParams;
import io.millrace.producer.plan.ParamPatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a batch line may ask of its answers. */
class AnswerFieldsTest {
    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"b\":{},\"a\":{\"const\":1.50}}}";

    @TempDir
    Path folder;

    @Test
    void aSchemaComesAsOpenAiHasItOrAsLlamaServerHasItAndKeepsItsOrder() throws IOException {
        OutputFormat schema = new OutputFormat.JsonSchema(SCHEMA.replace("1.50", "1.5"));
        assertThat(answer(
                                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"strict\":true,"
                                        + "\"schema\":" + SCHEMA + "}}")
                        .format())
                .isEqualTo(schema);
        assertThat(answer("\"response_format\":{\"type\":\"json_object\",\"schema\":" + SCHEMA + "}")
                        .format())
                .isEqualTo(schema);
        assertThat(answer("\"json_schema\":" + SCHEMA).format()).isEqualTo(schema);
        assertThat(answer("\"response_format\":{\"type\":\"json_object\"}").format())
                .isEqualTo(new OutputFormat.JsonObject());
        assertThat(answer("\"response_format\":{\"type\":\"text\"},\"grammar\":\"\"")
                        .format())
                .isEqualTo(OutputFormat.TEXT);
        assertThat(answer("\"grammar\":\"root ::= [a-z]+\"").format())
                .isEqualTo(new OutputFormat.Grammar("root ::= [a-z]+"));
    }

    @Test
    void logProbabilitiesPrefillAndLoopStopAreRead() throws IOException {
        assertThat(answer(
                        "\"logprobs\":true,\"top_logprobs\":5,\"prefill\":\"Sure\",\"loop_stop\":30,\"lora\":\"red\""))
                .isEqualTo(new AnswerOptions(OutputFormat.TEXT, OptionalInt.of(5), "Sure", 30, "red"));
        assertThat(answer("\"logprobs\":true").topLogprobs()).hasValue(0);
        assertThat(answer("\"logprobs\":false,\"top_logprobs\":0")).isEqualTo(AnswerOptions.NONE);
    }

    @Test
    void aLineSaysNothingOfWhatTheRunAsksUnlessItNamesIt() throws IOException {
        SamplingParams run = SamplingParams.DEFAULTS.with(
                new AnswerOptions(new OutputFormat.JsonObject(), OptionalInt.of(2), "{", 0));
        assertThat(patch("\"temperature\":0").applyTo(run).answer()).isEqualTo(run.answer());
        assertThat(patch("\"logprobs\":false").applyTo(run).answer().topLogprobs())
                .isEmpty();
        assertThat(patch("\"ignore_eos\":true").applyTo(run).ignoreEos())
                .as("a format says when a text ends")
                .isFalse();
    }

    @Test
    void whatIsKnownToFailIsABadLine() throws IOException {
        Path file = file("\"response_format\":{\"type\":\"json_object\"}");
        FormatCheck none = format -> Optional.of("cannot be held to " + format);
        assertThatThrownBy(() -> InputCheck.check(
                        InputFile.of(file), InputFormat.AUTO, OptionalLong.empty(), BadLines.refused(), none))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("lines.jsonl:1: response_format: cannot be held to JsonObject[]");
    }

    private AnswerOptions answer(String fields) throws IOException {
        return patch(fields).applyTo(SamplingParams.DEFAULTS).answer();
    }

    private ParamPatch patch(String fields) throws IOException {
        CheckedInput input = InputCheck.check(
                InputFile.of(file(fields)), InputFormat.AUTO, OptionalLong.empty(), BadLines.refused());
        List<ParamPatch> patches = new ArrayList<>();
        try (TaskCursor cursor = input.open(0)) {
            cursor.forEachRemaining(task -> patches.add(task.params()));
        }
        return patches.get(0);
    }

    private Path file(String fields) throws IOException {
        return Files.writeString(
                folder.resolve("lines.jsonl"),
                "{\"body\":{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]," + fields + "}}\n");
    }
}
