package io.millrace.producer.pretokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SplitPlanTest {
    private static final int[] GROUPS = groups();

    @Test
    void aGroupIsNeverInBothSplits() {
        SplitPlan plan = plan(Map.of("val_split", 0.25), 42);

        int at = 0;
        int held = 0;
        for (int size : GROUPS) {
            BitSet inTrain = plan.train().get(at, at + size);
            BitSet inValidation = plan.validation().get(at, at + size);
            assertThat(inTrain.cardinality() + inValidation.cardinality()).isEqualTo(size);
            assertThat(inTrain.isEmpty() || inValidation.isEmpty()).isTrue();
            held += inTrain.isEmpty() ? 1 : 0;
            at += size;
        }
        assertThat(held).isEqualTo(25);
    }

    @Test
    void sizesAreExactAndOnlyTheTrainingSplitIsThinnedOut() {
        int all = Arrays.stream(GROUPS).sum();

        assertThat(plan(Map.of("val_split", 0, "fraction", 0.5), 1).train().cardinality())
                .isEqualTo(all / 2);
        assertThat(plan(Map.of("val_split", 0.5, "size", 10), 1).train().cardinality())
                .isEqualTo(10);
        assertThat(plan(Map.of("val_split", 0.5, "size", 10), 1).validation())
                .isEqualTo(plan(Map.of("val_split", 0.5), 1).validation());
        assertThat(plan(Map.of("val_split", 0.5, "max_val_set", 7), 1)
                        .validation()
                        .cardinality())
                .isEqualTo(7);
        assertThat(plan(Map.of("val_split", 0.07), 1).validation().isEmpty()).isFalse();
    }

    @Test
    void theSeedAloneDraws() {
        Map<String, Object> half = Map.of("val_split", 0.5, "fraction", 0.5);

        assertThat(plan(half, 3)).isEqualTo(plan(half, 3)).isNotEqualTo(plan(half, 4));
    }

    @Test
    void aSizeBeyondTheDatasetIsRefused() {
        assertThatThrownBy(() -> plan(Map.of("val_split", 0, "size", 100_000), 1))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("size is 100000, and its training split has only");
    }

    private static SplitPlan plan(Map<String, Object> keys, long seed) {
        return SplitPlan.of(DatasetSettings.of(Map.of("megacode", keys)), GROUPS, seed);
    }

    private static int[] groups() {
        int[] sizes = new int[100];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = 1 + i % 3;
        }
        return sizes;
    }
}
