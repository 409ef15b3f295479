package io.millrace.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OffsetTrackerTest {

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @Test
    void theCommitNeverPassesAnUnfinishedJob() {
        OffsetTracker tracker = new OffsetTracker(5, CommitMetadata.NONE);
        tracker.take(5);
        tracker.take(6);
        tracker.take(7);

        tracker.finish(6);
        tracker.finish(7);

        assertThat(tracker.commitOffset()).isEqualTo(5);
        assertThat(tracker.metadata(true, "w", OffsetRuns.EMPTY).done().contains(7))
                .isTrue();
        tracker.finish(5);
        assertThat(tracker.commitOffset()).isEqualTo(8);
    }

    @Test
    void holesInTheOffsetsCountAsFinished() {
        OffsetTracker tracker = new OffsetTracker(0, CommitMetadata.NONE);
        tracker.take(2);
        tracker.take(7);
        tracker.finish(2);
        assertThat(tracker.commitOffset()).isEqualTo(7);

        tracker.finish(7);
        tracker.passed(9);

        assertThat(tracker.commitOffset()).isEqualTo(9);
    }

    @Test
    void aJobIsNotFinishedTwiceNorTakenBackwards() {
        OffsetTracker tracker = new OffsetTracker(0, CommitMetadata.NONE);
        tracker.take(0);
        tracker.finish(0);

        assertThatThrownBy(() -> tracker.finish(0)).hasMessageContaining("finished twice");
        assertThatThrownBy(() -> tracker.take(0)).hasMessageContaining("regression");
    }

    @Test
    void fourThousandJobsDoneBehindAStragglerFitInAHundredCharacters() {
        OffsetTracker tracker = new OffsetTracker(1_000_000, CommitMetadata.NONE);
        TreeSet<Long> running = new TreeSet<>();
        for (long o = 1_000_000; o < 1_004_064; o++) {
            tracker.take(o);
            if (o == 1_000_000 || o >= 1_004_001) {
                running.add(o);
            } else {
                tracker.finish(o);
            }
        }

        String text = tracker.metadata(true, "millrace-worker-tiny-host-1", OffsetRuns.of(running))
                .encode(tracker.commitOffset());

        assertThat(text.length()).isLessThan(100);
    }

    @Test
    void onlyPermittedJobsOfADirtyPartitionCountALoss() {
        CommitMetadata dirty = new CommitMetadata(
                true, "w", new TreeMap<>(java.util.Map.of(11L, 2, 12L, 1)), runs(10, 11, 13), runs(13));

        OffsetTracker tracker = new OffsetTracker(10, dirty);

        assertThat(tracker.losses(10)).isEqualTo(1);
        assertThat(tracker.losses(11)).isEqualTo(3);
        assertThat(tracker.losses(12)).isEqualTo(1);
        assertThat(tracker.losses(13)).isZero();
        assertThat(tracker.take(10)).isTrue();
        assertThat(tracker.take(13)).isFalse();
    }

    @Test
    void aCleanHandOverCostsNobodyAnAttempt() {
        CommitMetadata clean = new CommitMetadata(
                false, "w", new TreeMap<>(java.util.Map.of(11L, 2)), OffsetRuns.EMPTY, OffsetRuns.EMPTY);

        OffsetTracker tracker = new OffsetTracker(10, clean);

        assertThat(tracker.losses(10)).isZero();
        assertThat(tracker.losses(11)).isEqualTo(2);
    }

    /** Whatever order jobs finish in and wherever an owner dies, each job is finished exactly once. */
    @ParameterizedTest
    @MethodSource("seeds")
    void everyJobIsDoneOnceOverManyOwners(int seed) {
        Random random = new Random(seed);
        TreeSet<Long> records = new TreeSet<>();
        long offset = random.nextInt(3);
        while (records.size() < 60) {
            records.add(offset);
            offset += 1 + (random.nextInt(4) == 0 ? random.nextInt(3) : 0);
        }
        long committedOffset = 0;
        String committed = "";
        List<Long> done = new ArrayList<>();
        while (done.size() < records.size()) {
            OffsetTracker tracker =
                    new OffsetTracker(committedOffset, CommitMetadata.decode(committedOffset, committed));
            List<Long> open = new ArrayList<>();
            List<Long> unpublished = new ArrayList<>();
            for (long record : records.tailSet(committedOffset)) {
                if (tracker.take(record)) {
                    open.add(record);
                }
                while (!open.isEmpty() && random.nextInt(3) == 0) {
                    long finished = open.remove(random.nextInt(open.size()));
                    tracker.finish(finished);
                    unpublished.add(finished);
                }
                if (random.nextInt(8) == 0) {
                    committedOffset = tracker.commitOffset();
                    committed = tracker.metadata(true, "w", OffsetRuns.of(new TreeSet<>(open)))
                            .encode(committedOffset);
                    done.addAll(unpublished);
                    unpublished.clear();
                    assertThat(open).allMatch(o -> o >= tracker.commitOffset());
                }
                if (random.nextInt(40) == 0) {
                    break;
                }
            }
            if (random.nextBoolean()) {
                Collections.shuffle(open, random);
                open.forEach(tracker::finish);
                unpublished.addAll(open);
                committedOffset = tracker.commitOffset();
                committed = tracker.metadata(false, "w", OffsetRuns.EMPTY).encode(committedOffset);
                done.addAll(unpublished);
            }
        }

        assertThat(done).doesNotHaveDuplicates();
        assertThat(Set.copyOf(done)).isEqualTo(records);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void runsComeBackFromTheirText(int seed) {
        Random random = new Random(seed);
        TreeSet<Long> offsets = new TreeSet<>();
        long base = random.nextLong(1L << 40);
        for (int i = random.nextInt(50); i > 0; i--) {
            offsets.add(base + random.nextLong(1L << (1 + random.nextInt(30))));
        }

        OffsetRuns set = OffsetRuns.of(offsets);

        assertThat(OffsetRuns.decode(set.encode(base), base)).isEqualTo(set);
        assertThat(set.size()).isEqualTo(offsets.size());
        assertThat(offsets).allMatch(set::contains);
        assertThat(offsets).noneMatch(o -> !offsets.contains(o + 1) && set.contains(o + 1));
    }

    @Test
    void anOverlapIsWhatBothHold() {
        assertThat(runs(1, 2, 3, 7, 9, 10).and(runs(2, 3, 4, 5, 9))).isEqualTo(runs(2, 3, 9));
        assertThat(runs(1, 2).and(OffsetRuns.EMPTY)).isEqualTo(OffsetRuns.EMPTY);
    }

    @Test
    void foreignMetadataIsRefused() {
        assertThatThrownBy(() -> CommitMetadata.decode(0, "hello")).hasMessageContaining("version hello");
        assertThatThrownBy(() -> CommitMetadata.decode(0, "3;D;w;;;")).hasMessageContaining("update this worker");
        assertThatThrownBy(() -> CommitMetadata.decode(0, "1;X;w;;;")).hasMessageContaining("not written by Millrace");
    }

    @Test
    void metadataTooLongForABrokerIsFatal() {
        TreeSet<Long> every9th = new TreeSet<>();
        for (long o = 0; o < 40_000; o += 9) {
            every9th.add(o);
        }
        CommitMetadata metadata =
                new CommitMetadata(true, "w", new TreeMap<>(), OffsetRuns.EMPTY, OffsetRuns.of(every9th));

        assertThatThrownBy(() -> metadata.encode(0)).hasMessageContaining("longer than a broker's 4096");
    }

    @Test
    void lossesCanBeReadInTheFormerVersionToo() {
        assertThat(CommitMetadata.decode(100, "1;D;w;0:1,7:2;;").losses()).isEqualTo(Map.of(100L, 1, 107L, 2));
        String now = "2;D;w;1:" + runs(0).encode(0) + ",2:" + runs(7).encode(0) + ";;";
        assertThat(CommitMetadata.decode(100, now).losses()).isEqualTo(Map.of(100L, 1, 107L, 2));
        assertThat(CommitMetadata.decode(100, now).encode(100)).isEqualTo(now);
    }

    /** A worker of the most slots with a straggler at the partition's head and a long queue dies, and dies again. */
    @Test
    void whatDiesWithAWorkerOfTheMostSlotsAndALongQueueFitsInTheMetadata() {
        TreeSet<Long> running = new TreeSet<>(Set.of(0L));
        TreeMap<Long, Integer> losses = new TreeMap<>();
        for (long job = 1; job < 256; job++) {
            running.add(200_000 + 3 * job);
            losses.put(200_000 + 3 * job, (int) (1 + job % 4));
        }
        TreeSet<Long> permits = new TreeSet<>(running);
        for (long waiting = 201_000; waiting < 206_000; waiting++) {
            permits.add(waiting);
            losses.put(waiting, 1);
        }
        OffsetTracker tracker = new OffsetTracker(0, CommitMetadata.NONE);
        for (long offset = 0; offset < 206_000; offset++) {
            tracker.take(offset);
            if (!permits.contains(offset)) {
                tracker.finish(offset);
            }
        }

        CommitMetadata metadata = new CommitMetadata(
                true,
                "millrace-a-long-model-name-worker-instance-1",
                losses,
                OffsetRuns.of(permits),
                tracker.metadata(true, "w", OffsetRuns.EMPTY).done());

        assertThat(metadata.encode(0).length()).isLessThan(CommitMetadata.MAX_LENGTH);
        assertThat(CommitMetadata.decode(0, metadata.encode(0))).isEqualTo(metadata);
    }

    private static OffsetRuns runs(long... offsets) {
        TreeSet<Long> set = new TreeSet<>();
        for (long offset : offsets) {
            set.add(offset);
        }
        return OffsetRuns.of(set);
    }
}
