package io.millrace.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final int THRESHOLD = 8;
    private final StepPlan plan = new StepPlan();

    @Test
    void aPromptIsDecodedInChunksAndThenTokenByToken() {
        Scheduler scheduler = new Scheduler(1, 64, 4, THRESHOLD, 4);
        Sequence sequence = sequence(1, 10, tokens(0, 6));
        scheduler.add(sequence);

        assertThat(step(scheduler)).containsExactly("0:0@0", "0:1@1", "0:2@2", "0:3@3");
        assertThat(step(scheduler)).containsExactly("0:4@4", "0:5@5!");
        scheduler.generated(0, 77);
        assertThat(step(scheduler)).containsExactly("0:77@6!");
        scheduler.remove(sequence);
        assertThat(scheduler.idle()).isTrue();
        assertThat(step(scheduler)).isEmpty();
    }

    @Test
    void aFinishedSequenceFreesItsSlotForTheNextInLine() {
        Scheduler scheduler = new Scheduler(1, 64, 16, THRESHOLD, 4);
        Sequence first = sequence(1, 10, tokens(0, 3));
        Sequence second = sequence(2, 10, tokens(100, 3));
        scheduler.add(first);
        scheduler.add(second);

        step(scheduler);
        assertThat(scheduler.waiting()).isEqualTo(1);
        scheduler.remove(first);

        assertThat(step(scheduler)).containsExactly("0:100@0", "0:101@1", "0:102@2!");
        assertThat(scheduler.running()).isEqualTo(1);
        assertThat(scheduler.reservedTokens()).isEqualTo(13);
    }

    @Test
    void decodeTokensComeBeforePromptChunks() {
        Scheduler scheduler = new Scheduler(3, 64, 4, THRESHOLD, 4);
        scheduler.add(sequence(1, 10, tokens(0, 2)));
        scheduler.add(sequence(2, 10, tokens(100, 2)));
        step(scheduler);
        scheduler.generated(0, 50);
        scheduler.generated(1, 150);
        scheduler.add(sequence(3, 10, tokens(200, 9)));

        assertThat(step(scheduler)).containsExactly("0:50@2!", "1:150@2!", "2:200@0", "2:201@1");
    }

    @Test
    void sequencesWithOnePrefixWaitForItAndCopyIt() {
        Scheduler scheduler = new Scheduler(4, 256, 128, THRESHOLD, 8);
        int[] prefix = tokens(0, 50);
        for (int i = 0; i < 4; i++) {
            scheduler.add(sequence(i, 10, join(prefix, tokens(1000 * (i + 1), 3))));
        }

        assertThat(step(scheduler)).hasSize(53);
        assertThat(scheduler.running()).isEqualTo(1);
        scheduler.generated(0, 7);
        assertThat(step(scheduler))
                .containsExactly(
                        "0:7@53!",
                        "1:2000@50",
                        "1:2001@51",
                        "1:2002@52!",
                        "2:3000@50",
                        "2:3001@51",
                        "2:3002@52!",
                        "3:4000@50",
                        "3:4001@51",
                        "3:4002@52!");
        assertThat(operations()).containsExactly("1<-0:50", "2<-0:50", "3<-0:50");
        assertThat(scheduler.seated()).extracting(Sequence::cachedTokens).containsExactly(50, 50, 50);
    }

    @Test
    void samplesOfAJobDecodeOnlyTheLastPromptTokenAgain() {
        Scheduler scheduler = new Scheduler(3, 256, 128, THRESHOLD, 8);
        int[] prompt = tokens(0, 40);
        for (int sample = 0; sample < 3; sample++) {
            scheduler.add(new Sequence(9, sample, prompt, 10));
        }

        assertThat(step(scheduler)).hasSize(40);
        scheduler.generated(0, 7);

        assertThat(step(scheduler)).containsExactly("0:7@40!", "1:39@39!", "2:39@39!");
    }

    @Test
    void anAdapterTakesNothingOverThatAnotherComputedAndStepsAreOfOneAdapter() {
        Scheduler scheduler = new Scheduler(2, 256, 128, THRESHOLD, 8);
        int[] prompt = tokens(0, 40);
        Sequence plain = new Sequence(1, 0, prompt, 1);
        scheduler.add(plain);
        step(scheduler);
        scheduler.remove(plain);
        scheduler.add(new Sequence(2, 0, prompt, 10, 1, false));
        scheduler.add(new Sequence(3, 0, prompt, 10));

        assertThat(step(scheduler)).containsExactly("0:39@39!");
        assertThat(plan.adapter()).isZero();
        scheduler.generated(0, 7);
        assertThat(step(scheduler)).hasSize(40).contains("1:39@39!");
        assertThat(plan.adapter()).isEqualTo(1);
        scheduler.generated(1, 8);
        assertThat(step(scheduler)).containsExactly("0:7@40!");
        assertThat(plan.adapter()).isZero();
    }

    @Test
    void whileAnotherAdapterWaitsATurnHasAnEnd() {
        Scheduler scheduler = new Scheduler(1, 64, 64, THRESHOLD, 8);
        for (int ticket = 0; ticket < 10; ticket++) {
            scheduler.add(new Sequence(ticket, 0, tokens(ticket, 3), 1));
        }
        scheduler.add(new Sequence(10, 0, tokens(0, 3), 1, 1, false));
        List<Integer> adapters = new ArrayList<>();
        while (!scheduler.idle()) {
            step(scheduler);
            adapters.add(plan.adapter());
            scheduler.remove(scheduler.seated().get(0));
        }

        assertThat(adapters).containsExactly(0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void aShortCommonPrefixIsNotWorthACopyOrAWait() {
        Scheduler scheduler = new Scheduler(2, 64, 64, THRESHOLD, 8);
        int[] prefix = tokens(0, THRESHOLD - 1);
        scheduler.add(sequence(1, 10, join(prefix, tokens(100, 2))));
        scheduler.add(sequence(2, 10, join(prefix, tokens(200, 2))));

        assertThat(step(scheduler)).hasSize(18);
        assertThat(operations()).containsExactly("0<-0:0", "1<-1:0");
    }

    @Test
    void otherWorkTakesTheSlotsWhileAPrefixIsPrefilled() {
        Scheduler scheduler = new Scheduler(2, 256, 16, THRESHOLD, 8);
        int[] prefix = tokens(0, 50);
        scheduler.add(sequence(1, 10, join(prefix, tokens(100, 2))));
        Sequence sibling = sequence(2, 10, join(prefix, tokens(200, 2)));
        Sequence other = sequence(3, 10, tokens(300, 5));
        scheduler.add(sibling);
        scheduler.add(other);

        step(scheduler);

        assertThat(other.running()).isTrue();
        assertThat(sibling.running()).isFalse();
    }

    @Test
    void theLookAheadIsBounded() {
        Scheduler scheduler = new Scheduler(2, 256, 16, THRESHOLD, 2);
        int[] prefix = tokens(0, 50);
        for (int i = 0; i < 3; i++) {
            scheduler.add(sequence(i, 10, join(prefix, tokens(1000 * (i + 1), 2))));
        }
        Sequence other = sequence(9, 10, tokens(300, 5));
        scheduler.add(other);

        step(scheduler);

        assertThat(other.running()).isFalse();
    }

    @Test
    void aWaitEndsWhenThePrefillingSequenceIsCancelled() {
        Scheduler scheduler = new Scheduler(2, 256, 16, THRESHOLD, 8);
        int[] prefix = tokens(0, 50);
        Sequence first = sequence(1, 10, join(prefix, tokens(100, 2)));
        Sequence sibling = sequence(2, 10, join(prefix, tokens(200, 2)));
        scheduler.add(first);
        scheduler.add(sibling);
        step(scheduler);

        scheduler.remove(first);
        step(scheduler);

        assertThat(sibling.slot()).isZero();
        assertThat(sibling.cachedTokens()).isEqualTo(16);
    }

    @Test
    void whatASequenceLeftInItsSlotIsUsedAgain() {
        Scheduler scheduler = new Scheduler(2, 256, 128, THRESHOLD, 8);
        Sequence first = sequence(1, 10, tokens(0, 20));
        scheduler.add(first);
        step(scheduler);
        scheduler.generated(0, 20);
        step(scheduler);
        scheduler.remove(first);

        // The next turn of the same chat: prompt and answer come back, the last token sampled was never decoded.
        scheduler.add(sequence(2, 10, tokens(0, 25)));

        assertThat(step(scheduler)).containsExactly("0:21@21", "0:22@22", "0:23@23", "0:24@24!");
        assertThat(operations()).containsExactly("0<-0:21");
    }

    @Test
    void withOneSlotOnlyTheSamplesOfAJobShare() {
        Scheduler scheduler = new Scheduler(1, 256, 128, THRESHOLD, 8);
        int[] prompt = tokens(0, 40);
        Sequence first = new Sequence(1, 0, prompt, 10);
        Sequence sibling = new Sequence(1, 1, prompt, 10);
        scheduler.add(first);
        scheduler.add(sibling);
        scheduler.add(sequence(2, 10, prompt));

        assertThat(step(scheduler)).hasSize(40);
        scheduler.remove(first);
        assertThat(step(scheduler)).containsExactly("0:39@39!");
        scheduler.remove(sibling);
        assertThat(step(scheduler)).as("another job of the same prompt").hasSize(40);
    }

    @Test
    void anInvalidatedSlotIsUsedNoMore() {
        Scheduler scheduler = new Scheduler(1, 256, 128, THRESHOLD, 8);
        Sequence lost = sequence(1, 10, tokens(0, 20));
        scheduler.add(lost);
        step(scheduler);
        scheduler.invalidate(0);
        assertThat(lost.running()).isFalse();
        assertThat(scheduler.idle()).isTrue();

        scheduler.add(sequence(2, 10, tokens(0, 20)));

        assertThat(step(scheduler)).hasSize(20);
        assertThat(operations()).containsExactly("0<-0:0");
    }

    @Test
    void aSequenceThatCannotFitIsNotTaken() {
        Scheduler scheduler = new Scheduler(1, 64, 64, THRESHOLD, 8);

        assertThat(scheduler.fits(54, 10)).isTrue();
        assertThat(scheduler.fits(55, 10)).isFalse();
        assertThat(scheduler.fits(Integer.MAX_VALUE, Integer.MAX_VALUE)).isFalse();
        assertThatThrownBy(() -> scheduler.add(sequence(1, 10, tokens(0, 55))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sequence 1/0 needs 55 + 10 tokens, a slot has 64");
    }

    @Test
    void aSequenceIsHeldToItsMaxTokens() {
        Scheduler scheduler = new Scheduler(1, 64, 64, THRESHOLD, 8);
        scheduler.add(sequence(1, 2, tokens(0, 5)));
        step(scheduler);
        scheduler.generated(0, 6);
        step(scheduler);

        assertThatThrownBy(() -> scheduler.generated(0, 7)).isInstanceOf(IllegalStateException.class);
    }

    private List<String> step(Scheduler scheduler) {
        plan.clear();
        scheduler.seatWaiting(plan);
        scheduler.fill(plan);
        scheduler.stepped();
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < plan.tokenCount(); i++) {
            tokens.add(plan.slot(i) + ":" + plan.token(i) + "@" + plan.position(i) + (plan.sampled(i) ? "!" : ""));
        }
        return tokens;
    }

    private List<String> operations() {
        return PlanText.operations(plan);
    }

    private static Sequence sequence(long ticket, int maxTokens, int[] prompt) {
        return new Sequence(ticket, 0, prompt, maxTokens);
    }

    private static int[] tokens(int first, int count) {
        int[] tokens = new int[count];
        Arrays.setAll(tokens, i -> first + i);
        return tokens;
    }

    private static int[] join(int[] head, int[] tail) {
        int[] joined = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, joined, head.length, tail.length);
        return joined;
    }
}
