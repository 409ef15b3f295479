package io.millrace.worker.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LoopDetectorTest {

    @Test
    void aCycleIsSeenWhenTheWindowIsFullOfIt() {
        LoopDetector loops = new LoopDetector(12);
        int[] tokens = {9, 8, 7, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3};
        for (int i = 0; i < tokens.length - 1; i++) {
            assertThat(loops.take(tokens[i])).as("token %d", i).isFalse();
        }
        assertThat(loops.take(3)).isTrue();
    }

    @Test
    void itAgreesWithALookAtTheWholeTextOnRandomTexts() {
        Random random = new Random(4);
        int loopsSeen = 0;
        for (int round = 0; round < 300; round++) {
            int window = 6 + random.nextInt(30);
            LoopDetector loops = new LoopDetector(window);
            List<Integer> text = new ArrayList<>();
            int cycle = 1 + random.nextInt(12);
            for (int i = 0; i < 120; i++) {
                int token = i >= cycle && random.nextInt(40) > 0 ? text.get(i - cycle) : random.nextInt(3);
                text.add(token);
                boolean expected = plainly(text, window);
                assertThat(loops.take(token)).isEqualTo(expected);
                loopsSeen += expected ? 1 : 0;
            }
        }
        assertThat(loopsSeen).isGreaterThan(1000);
    }

    private static boolean plainly(List<Integer> text, int window) {
        for (int cycle = 1; cycle <= window / 3 && text.size() >= window; cycle++) {
            boolean repeats = true;
            for (int i = text.size() - window + cycle; i < text.size(); i++) {
                repeats &= text.get(i).equals(text.get(i - cycle));
            }
            if (repeats) {
                return true;
            }
        }
        return false;
    }
}
