package io.millrace.producer.pretokenize;

import java.util.BitSet;
import java.util.Random;

/**
 * Which dialogues of a dataset, counted in its order, go into which split. A group goes into one split as a whole; the
 * validation split gets that part of the groups, rounded down, and of both splits perhaps only some dialogues are kept,
 * all of them drawn by the seed.
 *
 * <p>Immutable: its sets are not changed.
 */
record SplitPlan(BitSet train, BitSet validation) {
    private static final int GROUPS = 1;
    private static final int TRAIN = 2;
    private static final int VALIDATION = 3;

    /** @param groupSizes dialogues of each group */
    static SplitPlan of(DatasetSettings dataset, int[] groupSizes, long seed) {
        // A part such as 0.07 of 100 is a little less than 7 in binary.
        int held = (int) (groupSizes.length * dataset.validation() + 1e-9);
        BitSet heldGroups = draw(groupSizes.length, held, seed, GROUPS);
        BitSet train = new BitSet();
        BitSet validation = new BitSet();
        int dialogue = 0;
        for (int group = 0; group < groupSizes.length; group++) {
            (heldGroups.get(group) ? validation : train).set(dialogue, dialogue + groupSizes[group]);
            dialogue += groupSizes[group];
        }
        long most = dataset.maxValidation().orElse(Long.MAX_VALUE);
        return new SplitPlan(
                some(train, wanted(dataset, train.cardinality()), seed, TRAIN),
                some(validation, Math.min(most, validation.cardinality()), seed, VALIDATION));
    }

    private static long wanted(DatasetSettings dataset, int available) {
        if (dataset.size().isPresent()) {
            long size = dataset.size().getAsLong();
            if (size > available) {
                throw new SettingsException("dataset " + dataset.name() + ": size is " + size
                        + ", and its training split has only " + available + " dialogues");
            }
            return size;
        }
        return dataset.fraction().map(part -> (long) (available * part + 1e-9)).orElse((long) available);
    }

    private static BitSet some(BitSet all, long wanted, long seed, int purpose) {
        int count = all.cardinality();
        if (wanted == count) {
            return all;
        }
        BitSet drawn = draw(count, Math.toIntExact(wanted), seed, purpose);
        BitSet some = new BitSet();
        int nth = 0;
        for (int at = all.nextSetBit(0); at >= 0; at = all.nextSetBit(at + 1)) {
            some.set(at, drawn.get(nth++));
        }
        return some;
    }

    /** Exactly so many of so many, each set equally likely: Knuth's algorithm S. */
    private static BitSet draw(int from, int wanted, long seed, int purpose) {
        Random random = new Random(seed * 31 + purpose);
        BitSet drawn = new BitSet(from);
        int left = wanted;
        for (int i = 0; i < from && left > 0; i++) {
            if (random.nextInt(from - i) < left) {
                drawn.set(i);
                left--;
            }
        }
        return drawn;
    }
}
