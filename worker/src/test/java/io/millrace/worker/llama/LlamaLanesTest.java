package io.millrace.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.worker.decode.DecodeSettings;
import io.millrace.worker.decode.Engine;
import io.millrace.worker.decode.Jobs;
import io.millrace.worker.decode.Lanes;
import io.millrace.worker.decode.RecordingListener;
import io.millrace.worker.llama.TestFiles.Task;
import io.millrace.worker.pipeline.Decoder.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LlamaLanesTest {
    private static final LlamaEngineConfig CONFIG = LlamaEngineConfig.of(TestFiles.TINY_CHATML)
            .withSlots(5, 256, 64)
            .withThreads(1, 1, 1)
            .withKvUnified(true);

    @Test
    void lanesOfOneModelAnswerExactly() throws Exception {
        RecordingListener listener = new RecordingListener();
        List<Supplier<Engine>> engines = LlamaLanes.of(CONFIG, 2);
        List<Task> tasks = TestFiles.tasks();
        try (Lanes lanes = new Lanes("tiny", engines, DecodeSettings.DEFAULTS, System::nanoTime)) {
            lanes.start(listener);
            assertThat(listener.next(RecordingListener.Ready.class).info().slots())
                    .isEqualTo(5);
            for (int i = 0; i < tasks.size(); i++) {
                lanes.submit(i, Jobs.asking(i, tasks.get(i).prompt()));
            }
            Map<Long, Outcome> outcomes = listener.outcomes(tasks.size());
            for (int i = 0; i < tasks.size(); i++) {
                Outcome.Answered answered = (Outcome.Answered) outcomes.get((long) i);
                assertThat(answered.choices().get(0).text())
                        .as(tasks.get(i).id())
                        .isEqualTo(tasks.get(i).reference());
            }
        }
    }

    @Test
    void everyLaneSaysWhyTheModelCannotBeLoaded() throws Exception {
        RecordingListener listener = new RecordingListener();
        LlamaEngineConfig nowhere =
                LlamaEngineConfig.of(Path.of("nowhere.gguf")).withSlots(4, 256, 64);
        try (Lanes lanes = new Lanes("none", LlamaLanes.of(nowhere, 2), DecodeSettings.DEFAULTS, System::nanoTime)) {
            lanes.start(listener);
            for (int lane = 0; lane < 2; lane++) {
                assertThat(listener.next(RecordingListener.Failed.class).reason())
                        .isEqualTo("there is no model file nowhere.gguf; name a GGUF file with --model");
            }
        }
    }

    @Test
    void thereAreNoMoreLanesThanSlots() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LlamaLanes.of(CONFIG, 6))
                .withMessage("5 slots make no 6 lanes");
    }
}
