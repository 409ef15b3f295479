package io.millrace.worker.llama;

import io.millrace.worker.decode.EngineException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model in memory with what is known of its file, for a definite number of engines; freed when the last of them has
 * closed it.
 *
 * <p>Thread-safe.
 */
final class LoadedModel implements AutoCloseable {
    private final NativeRuntime runtime;
    private final GgufModel weights;
    private final ModelDigest digest;
    private final LoraAdapters adapters;
    private final AtomicInteger users;

    private LoadedModel(
            NativeRuntime runtime, GgufModel weights, ModelDigest digest, LoraAdapters adapters, int engines) {
        this.runtime = runtime;
        this.weights = weights;
        this.digest = digest;
        this.adapters = adapters;
        this.users = new AtomicInteger(engines);
    }

    /**
     * Loads the model of the configuration.
     *
     * @param engines how many will close it
     * @throws EngineException when that fails; the message says what to do
     */
    static LoadedModel load(LlamaEngineConfig config, int engines) {
        NativeRuntime runtime = NativeRuntime.load(config.backendDir());
        if (!Files.exists(config.model())) {
            throw new EngineException("there is no model file " + config.model() + "; name a GGUF file with --model");
        }
        config.sha256().ifPresent(expected -> ModelDigest.require(config.model(), expected));
        ModelDigest digest = ModelDigest.of(config.model(), CacheFolder.ofThisUser());
        GgufModel weights = GgufModel.load(config.model(), config.gpuLayers(), config.mainGpu(), runtime);
        try {
            LoraAdapters adapters = new LoraAdapters(config.loras(), weights, runtime);
            return new LoadedModel(runtime, weights, digest, adapters, engines);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    NativeRuntime runtime() {
        return runtime;
    }

    GgufModel weights() {
        return weights;
    }

    ModelDigest digest() {
        return digest;
    }

    LoraAdapters adapters() {
        return adapters;
    }

    @Override
    public void close() {
        if (users.decrementAndGet() == 0) {
            weights.close();
        }
    }
}
