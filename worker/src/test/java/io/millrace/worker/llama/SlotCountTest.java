package io.millrace.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SlotCountTest {
    private static final long GIB = 1L << 30;

    @Test
    void aGpuHoldsAsManySlotsAsItsFreeMemoryAndLlamaCppAllow() {
        // Keys and values of the 13B shape take 0.82 MB a token in F16, so a slot of 512 tokens 0.4 GiB.
        long slot = 819_200L * 512;
        assertThat(SlotCount.of(true, OptionalLong.of(50 * GIB), slot)).isEqualTo(108);
        assertThat(SlotCount.of(true, OptionalLong.of(500 * GIB), slot)).isEqualTo(256);
        assertThat(SlotCount.of(true, OptionalLong.of(GIB / 10), slot)).isEqualTo(1);
    }

    @Test
    void aCpuTakesNoMoreThan32AndAnUnknownMemory16() {
        assertThat(SlotCount.of(false, OptionalLong.of(50 * GIB), 1 << 20)).isEqualTo(32);
        assertThat(SlotCount.of(false, OptionalLong.empty(), 1 << 20)).isEqualTo(16);
    }

    @Test
    void anEngineWithoutANumberOfSlotsFindsOneItself() {
        LlamaEngineConfig config =
                LlamaEngineConfig.of(TestFiles.TINY_CHATML).withSlots(0, 256, 8).withThreads(1, 1, 1);
        assertThat(DeviceMemory.freeOfMachine()).isPresent();
        try (LlamaEngine engine = LlamaEngine.open(config)) {
            assertThat(engine.info().slots()).isBetween(1, 256);
            assertThat(engine.info().stepTokens())
                    .isGreaterThanOrEqualTo(engine.info().slots());
        }
    }
}
