package io.millrace.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrefixCacheTest {
    private final PrefixCache cache = new PrefixCache(1000);
    private final StepPlan plan = new StepPlan();

    @Test
    void aPromptIsKnownAsFarAsItsTokensWereSaved() {
        add(cache, 0, 10, tokens(0, 10));

        assertThat(cache.known(0, tokens(0, 10))).isEqualTo(10);
        assertThat(cache.known(0, tokens(0, 30))).isEqualTo(10);
        assertThat(cache.known(0, join(tokens(0, 6), 99, 98))).isEqualTo(6);
        assertThat(cache.known(0, tokens(0, 3))).isEqualTo(3);
        assertThat(cache.known(0, tokens(5, 10))).isZero();
    }

    @Test
    void whatAnAdapterComputedIsKnownToNoOther() {
        CopiedCells cells = new CopiedCells(0, tokens(0, 10));
        cache.add(new SavedPrefix(2, tokens(0, 10), 0, 10, cells));

        assertThat(cache.known(2, tokens(0, 10))).isEqualTo(10);
        assertThat(cache.known(0, tokens(0, 10))).isZero();
        assertThat(cache.known(3, tokens(0, 10))).isZero();
    }

    @Test
    void promptsPartInTheMiddleOfWhatWasSavedAndShareWhatComesBefore() {
        int[] first = tokens(0, 10);
        int[] second = join(tokens(0, 6), 90, 91, 92);
        int[] third = join(second, 7, 8);
        CopiedCells head = add(cache, 0, 10, first);
        CopiedCells tail = add(cache, 6, 9, second);
        CopiedCells end = add(cache, 9, 11, third);

        assertThat(cache.known(0, third)).isEqualTo(11);
        assertThat(cache.known(0, first)).isEqualTo(10);
        cache.restore(plan, 3, 0, third, 2, 10);

        assertThat(plan.operationCount()).isEqualTo(3);
        assertRestores(0, head, 2, 6);
        assertRestores(1, tail, 6, 9);
        assertRestores(2, end, 9, 10);
    }

    @Test
    void whatTheSlotHasAlreadyIsNotRestored() {
        add(cache, 0, 10, tokens(0, 10));
        int[] longer = tokens(0, 20);
        CopiedCells tail = add(cache, 10, 20, longer);

        cache.restore(plan, 3, 0, longer, 12, 19);

        assertThat(plan.operationCount()).isEqualTo(1);
        assertRestores(0, tail, 12, 19);
    }

    @Test
    void whatIsUsedLeastRecentlyGoesFirstAndNeverWhatOthersStandOn() {
        PrefixCache small = new PrefixCache(26);
        CopiedCells head = add(small, 0, 10, tokens(0, 10));
        int[] one = join(tokens(0, 10), 1, 2, 3, 4, 5, 6, 7, 8);
        int[] two = join(tokens(0, 10), 11, 12, 13, 14, 15, 16, 17, 18);
        CopiedCells ofOne = add(small, 10, 18, one);
        CopiedCells ofTwo = add(small, 10, 18, two);
        small.restore(plan, 0, 0, one, 0, 18);
        plan.clear();

        CopiedCells other = add(small, 0, 5, tokens(500, 5));

        assertThat(small.bytes()).isEqualTo(23);
        assertThat(ofTwo.freed()).isTrue();
        assertThat(small.known(0, two)).isEqualTo(10);
        assertThat(small.known(0, one)).isEqualTo(18);

        add(small, 0, 9, tokens(600, 9));

        assertThat(ofOne.freed()).isTrue();
        assertThat(head.freed()).isFalse();
        assertThat(other.freed()).isFalse();
    }

    @Test
    void aPlanHoldsWhatItRestoresThoughTheCacheLetsItGo() {
        PrefixCache small = new PrefixCache(10);
        CopiedCells cells = add(small, 0, 10, tokens(0, 10));
        small.restore(plan, 0, 0, tokens(0, 10), 0, 9);

        add(small, 0, 8, tokens(500, 8));

        assertThat(small.known(0, tokens(0, 10))).isZero();
        assertThat(cells.freed()).isFalse();
        plan.clear();
        assertThat(cells.freed()).isTrue();
    }

    @Test
    void whatIsKnownOrStandsOnNothingOrIsTooLargeIsLetGo() {
        add(cache, 0, 10, tokens(0, 10));

        assertThat(add(cache, 0, 10, tokens(0, 10)).freed()).isTrue();
        assertThat(add(cache, 8, 20, tokens(0, 20)).freed()).isTrue();
        assertThat(add(cache, 12, 20, tokens(0, 20)).freed()).isTrue();
        assertThat(add(new PrefixCache(9), 0, 10, tokens(0, 10)).freed()).isTrue();
        assertThat(cache.bytes()).isEqualTo(10);
    }

    @Test
    void clearingLetsEverythingGo() {
        CopiedCells cells = add(cache, 0, 10, tokens(0, 10));

        cache.clear();

        assertThat(cells.freed()).isTrue();
        assertThat(cache.bytes()).isZero();
        assertThat(cache.known(0, tokens(0, 10))).isZero();
    }

    @Test
    void aRangeThatThePromptDoesNotHaveIsRefused() {
        CopiedCells cells = new CopiedCells(0, tokens(0, 4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SavedPrefix(0, tokens(0, 3), 0, 4, cells))
                .withMessage("cells 0 to 4 of a prompt of 3 tokens");
        assertThatIllegalArgumentException().isThrownBy(() -> new PrefixCache(-1));
    }

    private void assertRestores(int operation, CopiedCells cells, int from, int to) {
        assertThat(plan.restores(operation)).isTrue();
        assertThat(plan.operationSlot(operation)).isEqualTo(3);
        assertThat(plan.operationCells(operation)).isSameAs(cells);
        assertThat(plan.operationFromTokens(operation)).isEqualTo(from);
        assertThat(plan.operationKeptTokens(operation)).isEqualTo(to);
    }

    private static CopiedCells add(PrefixCache cache, int from, int to, int[] prompt) {
        CopiedCells cells = new CopiedCells(from, Arrays.copyOfRange(prompt, from, to));
        cache.add(new SavedPrefix(0, prompt, from, to, cells));
        return cells;
    }

    private static int[] tokens(int first, int count) {
        return IntStream.range(first, first + count).toArray();
    }

    private static int[] join(int[] head, int... tail) {
        return IntStream.concat(IntStream.of(head), IntStream.of(tail)).toArray();
    }
}
