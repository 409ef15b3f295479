package io.millrace.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FollowersTest {
    private static final int[] PROMPT = {1, 2, 3, 4, 5};

    private final Scheduler scheduler = new Scheduler(4, 64, 32, 4, 8);
    private final StepPlan plan = new StepPlan();
    private final List<Sequence> samples = new ArrayList<>();

    @Test
    void samplesWithTheSameTokensAreDecodedOnceAndDrawnForEach() {
        add(3, 10);

        assertThat(step()).containsExactly("0:1@0", "0:2@1", "0:3@2", "0:4@3", "0:5@4!0,1,2");
        draw(7, 7, 7);
        assertThat(step()).containsExactly("0:7@5!0,1,2");
        assertThat(scheduler.running()).isEqualTo(3);
        assertThat(samples).extracting(Sequence::cachedTokens).containsExactly(0, 5, 5);
    }

    @Test
    void whoDrawsAnotherTokenGetsTheCellsAndLeadsThoseThatDrewTheSame() {
        add(4, 10);
        step();
        draw(7, 8, 7, 8);

        assertThat(step()).containsExactly("0:7@5!0,2", "1:8@5!1,3");
        assertThat(operations()).containsExactly("1<-0:5");
        draw(6, 6, 9, 9);
        assertThat(step())
                .as("sequences that have parted do not join again for equal tokens")
                .containsExactly("0:6@6!0", "1:6@6!1", "2:9@6!2", "3:9@6!3");
    }

    @Test
    void aLeaderThatEndsLeavesItsCellsToThoseThatGoOn() {
        add(3, 10);
        step();
        scheduler.remove(samples.get(0));
        scheduler.generated(1, 7);
        scheduler.generated(2, 7);
        Sequence next = new Sequence(2, 0, new int[] {9, 9}, 5);
        scheduler.add(next);

        assertThat(step()).containsExactly("0:9@0", "0:9@1!0", "1:7@5!1,2");
        assertThat(operations()).containsExactly("1<-0:5", "0<-0:0");
    }

    @Test
    void aLeaderThatIsTakenOutLeavesItsTokensToItsFirstFollower() {
        add(3, 10);
        step();
        draw(7, 7, 7);
        scheduler.remove(samples.get(0));
        scheduler.remove(samples.get(1));

        assertThat(step()).containsExactly("2:7@5!2");
        assertThat(operations()).containsExactly("2<-0:5");
    }

    @Test
    void aFollowerTakesOverAPromptThatIsHalfDecoded() {
        Scheduler narrow = new Scheduler(2, 64, 3, 1, 8);
        Sequence leader = new Sequence(1, 0, PROMPT, 10, 0, true);
        Sequence follower = new Sequence(1, 1, PROMPT, 10, 0, true);
        narrow.add(leader);
        narrow.add(follower);
        assertThat(step(narrow)).containsExactly("0:1@0", "0:2@1", "0:3@2");
        narrow.remove(leader);

        assertThat(step(narrow)).containsExactly("1:4@3", "1:5@4!1");
        assertThat(operations()).containsExactly("1<-0:3");
    }

    @Test
    void aSampleThatIsSeatedAfterTheFirstTokenGoesByItself() {
        add(5, 10);
        step();
        draw(7, 7, 7, 7);
        scheduler.remove(samples.get(3));

        assertThat(step()).containsExactly("0:7@5!0,1,2", "3:5@4!3");
    }

    @Test
    void thoseThatFollowNeedNoneOfTheSlotsCells() {
        Scheduler wide = new Scheduler(2, 8, 64, 32, 4, 8, new PrefixCache(0));
        for (int job = 1; job <= 3; job++) {
            for (int sample = 0; sample < 4; sample++) {
                wide.add(new Sequence(job, sample, new int[] {job, 2, 3}, 10, 0, true));
            }
        }

        assertThat(step(wide)).containsExactly("0:1@0", "0:2@1", "0:3@2!0,1,2,3", "4:2@0", "4:2@1", "4:3@2!4,5,6,7");
        assertThat(wide.running()).isEqualTo(8);
        assertThat(wide.decoding()).isEqualTo(2);
        assertThat(wide.waiting()).isEqualTo(4);
    }

    @Test
    void whoPartsWaitsForCellsAndGetsThemBeforeThoseInLine() {
        Scheduler wide = new Scheduler(1, 3, 64, 32, 4, 8, new PrefixCache(0));
        for (int sample = 0; sample < 3; sample++) {
            samples.add(new Sequence(1, sample, PROMPT, 10, 0, true));
            wide.add(samples.get(sample));
        }
        wide.add(new Sequence(2, 0, new int[] {9, 9}, 5));
        step(wide);
        draw(wide, 7, 8, 8);
        assertThat(step(wide)).containsExactly("0:7@5!0");
        draw(wide, 6);
        assertThat(step(wide)).containsExactly("0:6@6!0");
        wide.remove(samples.get(0));

        assertThat(step(wide)).containsExactly("1:8@5!1,2");
        assertThat(operations()).containsExactly("1<-0:5", "0<-0:0");
        draw(wide, 0, 4, 5);
        wide.remove(samples.get(1));
        assertThat(step(wide)).containsExactly("2:5@6!2");
        assertThat(operations()).containsExactly("2<-1:6", "1<-1:0");
    }

    @Test
    void whoGetsCellsLateReadsWhatIsLostOfItsTokens() {
        Scheduler wide = new Scheduler(1, 2, 64, 3, 1, 8, new PrefixCache(0));
        for (int sample = 0; sample < 2; sample++) {
            samples.add(new Sequence(1, sample, PROMPT, 10, 0, true));
            wide.add(samples.get(sample));
        }
        step(wide);
        step(wide);
        draw(wide, 7, 8);
        wide.remove(samples.get(0));
        wide.invalidate(0);

        assertThat(step(wide)).containsExactly("1:1@0", "1:2@1", "1:3@2");
        assertThat(step(wide)).containsExactly("1:4@3", "1:5@4", "1:8@5!1");
    }

    @Test
    void whatIsLeftInALostSlotIsThrownAwayThoughNobodyTakesTheSlot() {
        Scheduler wide = new Scheduler(2, 4, 64, 32, 4, 8, new PrefixCache(0));
        wide.add(new Sequence(1, 0, new int[] {1, 2}, 5));
        wide.add(new Sequence(2, 0, new int[] {3, 4}, 5));
        step(wide);
        wide.invalidate(0);
        wide.invalidate(1);
        wide.add(new Sequence(3, 0, new int[] {5, 6}, 5));

        assertThat(step(wide)).containsExactly("0:5@0", "0:6@1!0");
        assertThat(operations()).containsExactly("0<-0:0", "1<-1:0");
        step(wide);
        assertThat(operations()).isEmpty();
    }

    @Test
    void aSlotIsNotLostWithoutTheSequencesThatFollowIt() {
        add(2, 10);
        step();

        assertThatThrownBy(() -> scheduler.invalidate(0)).hasMessageContaining("remove them first");
    }

    private void add(int count, int maxTokens) {
        for (int sample = 0; sample < count; sample++) {
            Sequence sequence = new Sequence(1, sample, PROMPT, maxTokens, 0, true);
            samples.add(sequence);
            scheduler.add(sequence);
        }
    }

    /** The tokens of the slots 0, 1, ... */
    private void draw(int... tokens) {
        draw(scheduler, tokens);
    }

    private void draw(Scheduler of, int... tokens) {
        for (int draw = 0; draw < plan.drawCount(); draw++) {
            of.generated(plan.drawSlot(draw), tokens[plan.drawSlot(draw)]);
        }
    }

    private List<String> step() {
        return step(scheduler);
    }

    private List<String> step(Scheduler of) {
        plan.clear();
        of.seatWaiting(plan);
        of.fill(plan);
        of.stepped();
        List<String> tokens = new ArrayList<>();
        int draw = 0;
        for (int i = 0; i < plan.tokenCount(); i++) {
            StringBuilder draws = new StringBuilder();
            for (int left = plan.draws(i); left > 0; left--) {
                draws.append(draws.isEmpty() ? "!" : ",").append(plan.drawSlot(draw++));
            }
            tokens.add(plan.slot(i) + ":" + plan.token(i) + "@" + plan.position(i) + draws);
        }
        return tokens;
    }

    private List<String> operations() {
        return PlanText.operations(plan);
    }
}
