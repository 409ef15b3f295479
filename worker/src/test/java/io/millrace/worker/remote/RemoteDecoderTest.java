package io.millrace.worker.remote;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.FailureKind;
import io.millrace.job.Message;
import io.millrace.worker.decode.Jobs;
import io.millrace.worker.decode.RecordingListener;
import io.millrace.worker.decode.RecordingListener.Died;
import io.millrace.worker.decode.RecordingListener.Failed;
import io.millrace.worker.decode.RecordingListener.Ready;
import io.millrace.worker.pipeline.Decoder.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real engine process, scripted. */
class RemoteDecoderTest {
    private static final int TOO_SLOW = RecordingListener.TOO_SLOW;

    private final RecordingListener listener = new RecordingListener();

    @TempDir
    Path folder;

    @Test
    void jobsGoToTheProcessAndOutcomesComeBack() throws Exception {
        try (RemoteDecoder decoder = start("well")) {
            assertThat(listener.next(Ready.class).info().modelFile()).isEqualTo("scripted.gguf");
            for (int i = 0; i < 300; i++) {
                decoder.submit(i, Jobs.job(i, user("job " + i + " \ud83d\udc22 \0"), Jobs.params(64, 0, 2)));
            }

            Map<Long, Outcome> outcomes = listener.outcomes(300);
            for (Outcome outcome : outcomes.values()) {
                Outcome.Answered answered = (Outcome.Answered) outcome;
                assertThat(answered.choices())
                        .extracting(choice -> choice.text())
                        .containsExactly(
                                "<job " + outcome.ticket() + " \ud83d\udc22 \0>",
                                "<job " + outcome.ticket() + " \ud83d\udc22 \0>");
            }
            assertThat(listener.threads()).containsExactly("engine-reader");
        }
    }

    @Test
    void aRefusedJobKeepsItsKindAndMessage() throws Exception {
        try (RemoteDecoder decoder = start("well")) {
            listener.next(Ready.class);
            decoder.submit(7, Jobs.asking(7, "x".repeat(2000)));

            Outcome.Refused refused = (Outcome.Refused) listener.outcomes(1).get(7L);
            assertThat(refused.kind()).isEqualTo(FailureKind.CONTEXT_WINDOW_EXCEEDED);
            assertThat(refused.message()).startsWith("the prompt has 2019 tokens and max_tokens is 64, together 2083");
        }
    }

    @Test
    void oddUnicodeSurvivesTheFrames() throws Exception {
        try (RemoteDecoder decoder = start("well")) {
            listener.next(Ready.class);
            decoder.submit(1, Jobs.asking(1, "half a \ud83d pair \udc22"));

            // A half of a surrogate pair has no UTF-8, so the tokenizer sees a question mark.
            assertThat(((Outcome.Answered) listener.outcomes(1).get(1L))
                            .choices()
                            .get(0)
                            .text())
                    .isEqualTo("<half a ? pair ?>");
        }
    }

    @Test
    void aKilledProcessIsStartedAgainAndAnswersWhatIsSubmittedAgain() throws Exception {
        Path once = folder.resolve("stalled-once");
        try (RemoteDecoder decoder = start("stall", once.toString())) {
            listener.next(Ready.class);
            for (int i = 0; i < 20; i++) {
                decoder.submit(i, Jobs.asking(i, "job " + i));
            }

            ProcessHandle child = child(once);
            assertThat(child.destroyForcibly()).isTrue();

            assertThat(listener.next(Died.class).reason())
                    .isEqualTo("the engine process ended by signal 9 (SIGKILL: it was killed, perhaps for want of"
                            + " memory)");
            listener.next(Ready.class);
            for (int i = 0; i < 20; i++) {
                decoder.submit(100 + i, Jobs.asking(i, "job " + i));
            }
            Map<Long, Outcome> outcomes = listener.outcomes(20);
            assertThat(outcomes.keySet()).allMatch(ticket -> ticket >= 100);
        }
    }

    @Test
    void anEngineThatIsKilledInAStuckStepIsStartedAgainAndSaysWhy() throws Exception {
        try (RemoteDecoder decoder =
                start("stall", folder.resolve("stalled-once").toString())) {
            listener.next(Ready.class);
            decoder.submit(1, Jobs.asking(1, "one"));

            decoder.kill("no step has ended for 301 s");

            assertThat(listener.next(Died.class).reason())
                    .isEqualTo("the engine process was killed: no step has ended for 301 s");
            listener.next(Ready.class);
            decoder.submit(2, Jobs.asking(1, "one"));
            assertThat(listener.outcomes(1)).containsOnlyKeys(2L);
        }
    }

    @Test
    void signalsToEndAreLeftToTheParent() throws Exception {
        Path once = folder.resolve("pid");
        try (RemoteDecoder decoder = start("well", once.toString())) {
            listener.next(Ready.class);
            for (String signal : List.of("-INT", "-TERM", "-HUP")) {
                assertThat(new ProcessBuilder("kill", signal, Files.readString(once))
                                .start()
                                .waitFor())
                        .isZero();
            }

            decoder.submit(1, Jobs.asking(1, "one"));
            assertThat(listener.outcomes(1)).containsOnlyKeys(1L);
        }
    }

    @Test
    void aProcessThatCrashesInAStepIsStartedAgain() throws Exception {
        try (RemoteDecoder decoder =
                start("dies-stepping", folder.resolve("once").toString())) {
            listener.next(Ready.class);
            decoder.submit(1, Jobs.asking(1, "one"));

            assertThat(listener.next(Died.class).reason()).isEqualTo("the engine process ended by signal 11 (SIGSEGV)");
            listener.next(Ready.class);
            decoder.submit(2, Jobs.asking(1, "one"));
            assertThat(listener.outcomes(1)).containsOnlyKeys(2L);
        }
    }

    @Test
    void anEngineThatGivesUpLaterIsStartedAgain() throws Exception {
        try (RemoteDecoder decoder =
                start("fails-stepping", folder.resolve("once").toString())) {
            listener.next(Ready.class);
            for (int i = 0; i < 3; i++) {
                decoder.submit(i, Jobs.asking(i, "job"));
                listener.outcomes(1);
            }

            assertThat(listener.next(Died.class).reason()).isEqualTo("3 steps in a row failed, the last: CUDA error");
            listener.next(Ready.class);
        }
    }

    @Test
    void anEngineThatCannotBeLoadedFailsWithItsOwnWords() throws Exception {
        try (RemoteDecoder decoder = start("no-model")) {
            assertThat(listener.next(Failed.class).reason())
                    .isEqualTo("no model file /models/none.gguf: give another by --model");
        }
    }

    @Test
    void anEngineThatDiesWhileLoadingIsGivenUpAfterThreeStarts() throws Exception {
        try (RemoteDecoder decoder = start("dies-loading")) {
            assertThat(listener.next(Failed.class).reason())
                    .startsWith("the engine process ended by signal 6 (SIGABRT: a check in the native code failed)"
                            + " before it was ready; its last words:\n")
                    .endsWith("GGML_ASSERT failed");
        }
    }

    @Test
    void anEngineThatWritesNoFramesIsGivenUp() throws Exception {
        try (RemoteDecoder decoder = start("garbage")) {
            assertThat(listener.next(Failed.class).reason()).contains("before it was ready");
        }
    }

    @Test
    void aCommandThatDoesNotExistFails() throws Exception {
        try (RemoteDecoder decoder = new RemoteDecoder(settings(List.of("/no/such/java")))) {
            decoder.start(listener);

            assertThat(listener.next(Failed.class).reason())
                    .startsWith("the engine process cannot be started:")
                    .contains("/no/such/java");
        }
    }

    @Test
    void closingEndsAProcessInMidStep() throws Exception {
        Path once = folder.resolve("stalled-once");
        RemoteDecoder decoder = start("stall", once.toString());
        listener.next(Ready.class);
        decoder.submit(1, Jobs.asking(1, "one"));
        ProcessHandle child = child(once);

        decoder.close();

        child.onExit().get(TOO_SLOW, SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"well", "stall"})
    void theProcessEndsWhenItsParentIsKilled(String fault) throws Exception {
        Process parent = new ProcessBuilder(ScriptedEngineMain.java(ScriptedEngineMain.Parent.class, fault))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = parent.inputReader()) {
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();

            parent.destroyForcibly();

            child.onExit().get(TOO_SLOW, SECONDS);
            assertThat(parent.waitFor()).isEqualTo(137);
        }
    }

    private RemoteDecoder start(String... args) {
        RemoteDecoder decoder = new RemoteDecoder(settings(ScriptedEngineMain.command(args)));
        decoder.start(listener);
        return decoder;
    }

    private static RemoteSettings settings(List<String> command) {
        return new RemoteSettings(
                command,
                Map.of("GGML_NO_BACKTRACE", "1"),
                3,
                Duration.ofMillis(1),
                Duration.ofMillis(4),
                Duration.ofSeconds(TOO_SLOW),
                10_000);
    }

    /** The engine process that wrote its id into this file. */
    private static ProcessHandle child(Path file) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(file))).orElseThrow();
    }

    private static List<Message> user(String content) {
        return List.of(new Message("user", content));
    }
}
