package io.millrace.worker.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutputTextTest {

    @Test
    void aStopTextInOnePieceEndsTheText() {
        OutputText text = new OutputText(new StopMatcher(List.of("END")));

        assertThat(text.append(utf8("before "))).isFalse();
        assertThat(text.append(utf8("the END and more"))).isTrue();
        assertThat(text.text()).isEqualTo("before the ");
    }

    @Test
    void aStopTextIsFoundHoweverThePiecesCutIt() {
        byte[] all = utf8("żółw ### Pytanie");
        for (int cut = 1; cut < all.length; cut++) {
            OutputText text = new OutputText(new StopMatcher(List.of("### Py")));

            boolean stopped = text.append(slice(all, 0, cut)) || text.append(slice(all, cut, all.length));

            assertThat(stopped).isTrue();
            assertThat(text.text()).isEqualTo("żółw ");
        }
    }

    @Test
    void theStopTextThatIsCompleteFirstCounts() {
        assertThat(afterBytes("abcdef", "cdef", "bc")).isEqualTo("a");
        assertThat(afterBytes("abcdef", "bcd", "cd")).isEqualTo("a");
        assertThat(afterBytes("abcdef", "cd", "abcd")).isEqualTo("");
    }

    @Test
    void aStopTextThatBeginsInsideAFailedOneIsFound() {
        assertThat(afterBytes("aaab", "aab")).isEqualTo("a");
        assertThat(afterBytes("ababac", "abac")).isEqualTo("ab");
        assertThat(afterBytes("\n\n\nUser:", "\n\nUser:")).isEqualTo("\n");
    }

    @Test
    void aBeginningOfAStopTextStaysInTheText() {
        assertThat(afterBytes("all but the EN", "END")).isEqualTo("all but the EN");
    }

    @Test
    void charactersAreWholeAcrossPieces() {
        assertThat(afterBytes("zażółć 🐢 漢字")).isEqualTo("zażółć 🐢 漢字");
    }

    @Test
    void anIncompleteCharacterAtTheEndIsLeftOut() {
        OutputText text = new OutputText(new StopMatcher(List.of()));
        text.append(utf8("turtle "));
        text.append(slice(utf8("🐢"), 0, 3));

        assertThat(text.text()).isEqualTo("turtle ");
    }

    @Test
    void bytesThatAreNoUtf8ComeOutAsReplacementCharacters() {
        OutputText text = new OutputText(new StopMatcher(List.of()));
        text.append(new byte[] {'a', (byte) 0xff, 'b', (byte) 0x80, 'c', (byte) 0xe2, 'd', 0});

        assertThat(text.text()).isEqualTo("a\ufffdb\ufffdc\ufffdd\0");
    }

    @Test
    void nothingMayFollowAStopText() {
        OutputText text = new OutputText(new StopMatcher(List.of("x")));
        text.append(utf8("x"));

        assertThatThrownBy(() -> text.append(utf8("y"))).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theTextIsThatOfASearchInTheWhole(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<String> stops = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                stops.add(letters(random, 1 + random.nextInt(5)));
            }
            String whole = letters(random, random.nextInt(60));
            OutputText text = new OutputText(new StopMatcher(stops));

            boolean stopped = false;
            for (int at = 0; at < whole.length() && !stopped; ) {
                int end = Math.min(whole.length(), at + random.nextInt(6));
                stopped = text.append(utf8(whole.substring(at, end)));
                at = end;
            }

            String expected = beforeFirstStop(whole, stops);
            assertThat(text.text()).as("%s in %s", stops, whole).isEqualTo(expected);
            assertThat(stopped).isEqualTo(expected.length() < whole.length());
        }
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 10);
    }

    private static String beforeFirstStop(String whole, List<String> stops) {
        for (int end = 1; end <= whole.length(); end++) {
            int longest = 0;
            for (String stop : stops) {
                if (whole.substring(0, end).endsWith(stop)) {
                    longest = Math.max(longest, stop.length());
                }
            }
            if (longest > 0) {
                return whole.substring(0, end - longest);
            }
        }
        return whole;
    }

    private static String letters(Random random, int length) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < length; i++) {
            letters.append((char) ('a' + random.nextInt(2)));
        }
        return letters.toString();
    }

    private static String afterBytes(String whole, String... stops) {
        OutputText text = new OutputText(new StopMatcher(List.of(stops)));
        for (byte b : utf8(whole)) {
            if (text.append(new byte[] {b})) {
                break;
            }
        }
        return text.text();
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
