package io.millrace.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.SamplePicture;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopTextTest {
    private static final long AT = 1000 * SamplePicture.NOW;
    private final TopText text = new TopText(ZoneOffset.UTC);

    @Test
    void runsWorkersFailuresAndAnswersHaveTheirLines() {
        assertThat(shown(false, AT, 100))
                .contains("100 tokens/s")
                .contains("1 of 2 workers up   4 of 16 slots busy")
                .contains("! the broker sleeps")
                .containsPattern("run1 +SEALED +\\[#{15}\\.{5}] +75 % +3/4 +1 +0\\.8 +0:00:02 +tiny")
                .contains("    failed: CONTEXT_WINDOW_EXCEEDED 1")
                .containsPattern("w1 +up +\\[#{5}\\.{15}] +4/16 +100 +2 +25 % +32 +tiny")
                .containsPattern("w2 +in group +- +- +- +- +32 +tiny")
                .containsPattern("run1-2 +CONTEXT_WINDOW_EXCEEDED +- +w1\n +too long")
                .containsPattern("run1-1 +stop +3 \\+ 10 +0\\.50 +w1")
                .doesNotContain("no news")
                .doesNotContain("<img");
    }

    @Test
    void anOldPictureSaysHowOldItIs() {
        assertThat(shown(false, AT + 42_000, 100)).contains("! no news for 42 s");
    }

    @Test
    void whatThereIsNoRoomForIsLeftOut() {
        assertThat(text.of(SamplePicture.number(1, false), AT, 9)).hasSize(9);
        assertThat(shown(false, AT, 9)).contains("run1").doesNotContain("stop");
    }

    @Test
    void whatAModelWroteCannotGiveOrdersToTheTerminal() {
        assertThat(shown(true, AT, 100)).contains("<img src=x onerror=alert(1)>?[2J?");
    }

    @Test
    void linesAreCutWithoutLosingTheirStyle() {
        Line line = Line.of(Line.Style.BAD, "abcdef").add(Line.Style.PLAIN, "ghi");

        assertThat(line.styled(4)).isEqualTo("\u001b[31mabcd\u001b[0m");
        assertThat(line.styled(7)).isEqualTo("\u001b[31mabcdef\u001b[0mg");
        assertThat(line.plain(100)).isEqualTo("abcdefghi");
        assertThat(Line.of(Line.Style.PLAIN, "\ud83d\ude00\ud83d\ude00").plain(1))
                .isEqualTo("\ud83d\ude00");
    }

    private String shown(boolean content, long now, int height) {
        List<Line> lines = text.of(SamplePicture.number(1, content), now, height);
        return lines.stream().map(line -> line.plain(200)).collect(Collectors.joining("\n"));
    }
}
