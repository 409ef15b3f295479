package io.millrace.worker.app;

import io.millrace.worker.decode.DecodeSettings;
import io.millrace.worker.decode.Engine;
import io.millrace.worker.decode.EngineException;
import io.millrace.worker.remote.EngineServer;
import java.util.Arrays;
import java.util.List;

/** The engine process: arguments are the model's name and {@link EngineOptions}; its parent speaks to it by frames. */
public final class EngineMain {

    private EngineMain() {}

    public static void main(String[] arguments) {
        List<String> list = Arrays.asList(arguments);
        EngineOptions options = EngineOptions.parse(list.subList(1, list.size()));
        // Native code may still run: nothing waits for it.
        Runtime.getRuntime().halt(EngineServer.serve(list.get(0), () -> load(options), DecodeSettings.DEFAULTS));
    }

    private static Engine load(EngineOptions options) {
        throw new EngineException("no engine for " + options);
    }
}
