package io.millrace.worker.llama;

import io.millrace.worker.decode.Engine;
import io.millrace.worker.decode.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Engines that share the weights of one model, each with its part of the slots. The first to be made loads the model, the
 * last to be closed frees it.
 *
 * <p>Thread-safe.
 */
public final class LlamaLanes {
    private final LlamaEngineConfig config;
    private final FutureTask<LoadedModel> loading;

    private LlamaLanes(LlamaEngineConfig config, int lanes) {
        this.config = config;
        this.loading = new FutureTask<>(() -> LoadedModel.load(config, lanes));
    }

    /**
     * What makes the engines, each on the thread that will use it.
     *
     * @param config with the slots of all lanes together
     * @param lanes at least 1 and at most as many as slots
     */
    public static List<Supplier<Engine>> of(LlamaEngineConfig config, int lanes) {
        if (lanes < 1 || lanes > Math.max(1, config.slots())) {
            throw new IllegalArgumentException(config.slots() + " slots make no " + lanes + " lanes");
        }
        LlamaLanes shared = new LlamaLanes(config, lanes);
        List<Supplier<Engine>> engines = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            int slots = config.slots() / lanes + (lane < config.slots() % lanes ? 1 : 0);
            engines.add(() -> shared.open(slots));
        }
        return engines;
    }

    private Engine open(int slots) {
        loading.run();
        LoadedModel model;
        try {
            model = loading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("interrupted while the model was loaded", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineException failed) {
                throw failed;
            }
            throw new IllegalStateException("loading the model has failed", e.getCause());
        }
        return LlamaEngine.over(model, config.withSlots(slots, config.slotTokens(), config.stepTokens()));
    }
}
