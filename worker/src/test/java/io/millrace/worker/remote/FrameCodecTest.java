package io.millrace.worker.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.worker.decode.Jobs;
import io.millrace.worker.decode.ScriptedEngine;
import io.millrace.worker.pipeline.Decoder.Outcome;
import io.millrace.worker.pipeline.EngineFigures;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameCodecTest {

    @ParameterizedTest
    @MethodSource("frames")
    void aFrameComesBackAsItWas(Frame frame) throws IOException {
        DataInputStream in = in(bytes(frame, frame));

        assertThat(FrameCodec.read(in)).contains(frame);
        assertThat(FrameCodec.read(in)).contains(frame);
        assertThat(FrameCodec.read(in)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("frames")
    void aFrameCutAnywhereIsAnError(Frame frame) throws IOException {
        byte[] whole = bytes(frame);
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> FrameCodec.read(in(cut)))
                    .isInstanceOf(FrameException.class)
                    .hasMessageStartingWith("the stream ends inside a frame");
        }
    }

    @Test
    void otherBytesAreNoFrame() {
        assertThatThrownBy(() -> FrameCodec.read(in("hello, world".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(FrameException.class)
                .hasMessage("no frame: type 111, length 1751477356 (at most 536870912);"
                        + " has something else written to the stream?");
    }

    @Test
    void aLengthThatTheTypeCannotHaveIsNamed() {
        assertThatThrownBy(() -> FrameCodec.read(in(new byte[] {0, 0, 0, 4, 'C', 1, 2, 3, 4})))
                .isInstanceOf(FrameException.class)
                .hasMessage("a frame of type 'C' cannot have 4 bytes");
    }

    @Test
    void aPayloadThatIsNoJsonIsNamed() {
        assertThatThrownBy(() -> FrameCodec.read(in(new byte[] {0, 0, 0, 2, 'O', '{', '{'})))
                .isInstanceOf(FrameException.class)
                .hasMessageStartingWith("a frame of type 'O' cannot be read: ");
    }

    @Test
    void aJobThatIsNoJobKeepsItsTicket() throws IOException {
        DataInputStream in = in(new byte[] {0, 0, 0, 10, 'S', 0, 0, 0, 0, 0, 0, 0, 5, '{', '}'});

        assertThat(FrameCodec.read(in).orElseThrow())
                .isInstanceOfSatisfying(
                        Frame.Unreadable.class,
                        frame -> assertThat(frame.ticket()).isEqualTo(5));
    }

    static Stream<Frame> frames() {
        return Stream.of(
                new Frame.Submit(-3, Jobs.asking(9, "żółw \ud83d\udc22")),
                new Frame.Unreadable(4, "no reason"),
                new Frame.Cancel(Long.MAX_VALUE),
                new Frame.Ready(new ScriptedEngine(2, 64, 32, ScriptedEngine.ECHO, List.of()).info()),
                new Frame.Figures(new EngineFigures(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)),
                new Frame.Failed("none"),
                new Frame.Finished(List.of(
                        new Outcome.Answered(
                                1,
                                List.of(
                                        new Choice(0, "ć\0", FinishReason.STOP, 3, -9),
                                        new Choice(1, "", FinishReason.LENGTH, 4, 8)),
                                new Usage(1, 2, 3),
                                new Timings(0.5, 1, 2)),
                        new Outcome.Refused(2, FailureKind.ENGINE_ERROR, "why"))));
    }

    private static byte[] bytes(Frame... frames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Frame frame : frames) {
                FrameCodec.write(out, frame);
            }
        }
        return bytes.toByteArray();
    }

    private static DataInputStream in(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }
}
