package io.millrace.worker.app;

import io.millrace.worker.decode.DecodeLoop;
import io.millrace.worker.decode.DecodeSettings;
import io.millrace.worker.decode.Engine;
import io.millrace.worker.decode.Lanes;
import io.millrace.worker.llama.KvType;
import io.millrace.worker.llama.LlamaEngineConfig;
import io.millrace.worker.llama.LlamaLanes;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.remote.EngineServer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** The engine process: arguments are the model's name and {@link EngineOptions}; its parent speaks to it by frames. */
public final class EngineMain {

    private EngineMain() {}

    public static void main(String[] arguments) {
        List<String> list = Arrays.asList(arguments);
        EngineOptions options = EngineOptions.parse(list.subList(1, list.size()));
        // Native code may still run: nothing waits for it.
        Runtime.getRuntime().halt(EngineServer.serve(decoder(list.get(0), options)));
    }

    private static Decoder decoder(String model, EngineOptions options) {
        EngineLayout layout = EngineLayout.of(options);
        List<Supplier<Engine>> engines = engines(options, layout);
        DecodeSettings settings = DecodeSettings.of(layout.kvUnified(), layout.prefixCacheBytes());
        return layout.lanes() == 1
                ? new DecodeLoop(model, engines.get(0), settings, System::nanoTime)
                : new Lanes(model, engines, settings, System::nanoTime);
    }

    /** What makes the engines of these options, each on the thread that will use it. */
    static List<Supplier<Engine>> engines(EngineOptions options, EngineLayout layout) {
        return LlamaLanes.of(config(options, layout), layout.lanes());
    }

    private static LlamaEngineConfig config(EngineOptions options, EngineLayout layout) {
        return new LlamaEngineConfig(
                options.model(),
                options.slots(),
                options.slotTokens(),
                options.stepTokens(),
                layout.threads(),
                layout.threads(),
                options.samplingThreads() > 0 ? options.samplingThreads() : layout.threads(),
                options.gpuLayers(),
                options.mainGpu(),
                options.backendDir(),
                KvType.valueOf(options.kvType().name()),
                layout.kvUnified(),
                options.sha256(),
                options.loras());
    }
}
