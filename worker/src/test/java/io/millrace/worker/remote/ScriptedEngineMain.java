package io.millrace.worker.remote;

import io.millrace.worker.decode.DecodeLoop;
import io.millrace.worker.decode.DecodeSettings;
import io.millrace.worker.decode.EngineException;
import io.millrace.worker.decode.Fault;
import io.millrace.worker.decode.Jobs;
import io.millrace.worker.decode.RecordingListener;
import io.millrace.worker.decode.ScriptedEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The engine process of the tests. Its first argument says what goes wrong: {@code well}, {@code stall} (never ends its
 * first step), {@code no-model}, {@code dies-loading}, {@code dies-stepping}, {@code fails-stepping}, {@code garbage};
 * the second, if there is one, names a file that it writes its id into, and where that is there already all goes well.
 */
public final class ScriptedEngineMain {

    private ScriptedEngineMain() {}

    public static void main(String[] args) throws IOException {
        String fault = args[0];
        if (args.length > 1) {
            Path once = Path.of(args[1]);
            if (Files.exists(once)) {
                fault = "well";
            } else {
                Files.writeString(once, Long.toString(ProcessHandle.current().pid()));
            }
        }
        String happening = fault;
        System.err.println("a scripted engine that goes " + happening);
        if (happening.equals("garbage")) {
            System.out.println("some library says hello on stdout");
            System.out.flush();
        }
        DecodeSettings settings =
                new DecodeSettings(32, 64, true, 1 << 20, 3, Duration.ofMillis(50), 10_000, Duration.ofSeconds(1));
        int status =
                EngineServer.serve(new DecodeLoop("scripted", () -> engine(happening), settings, System::nanoTime));
        Runtime.getRuntime().halt(status);
    }

    private static ScriptedEngine engine(String fault) {
        System.out.println("words that must not get between the frames");
        if (fault.equals("no-model")) {
            throw new EngineException("no model file /models/none.gguf: give another by --model");
        }
        if (fault.equals("dies-loading")) {
            System.err.println("GGML_ASSERT failed");
            Runtime.getRuntime().halt(134);
        }
        List<Fault> faults = switch (fault) {
            case "stall" -> List.of(new Fault.Stall(1, new CountDownLatch(1), new CountDownLatch(1)));
            case "dies-stepping" -> List.of(new Fault.DieAtStep(2, 139));
            case "fails-stepping" ->
                List.of(
                        new Fault.ThrowAtStep(1, "one"),
                        new Fault.ThrowAtStep(2, "two"),
                        new Fault.ThrowAtStep(3, "CUDA error"));
            default -> List.of();
        };
        return new ScriptedEngine(8, 1024, 512, ScriptedEngine.ECHO, faults);
    }

    /** Runs a remote decoder, prints the engine process's id and goes on until it is killed. */
    public static final class Parent {

        private Parent() {}

        public static void main(String[] args) throws InterruptedException {
            RecordingListener listener = new RecordingListener();
            RemoteDecoder decoder = new RemoteDecoder(RemoteSettings.of(command(args), Map.of()));
            decoder.start(listener);
            listener.next(RecordingListener.Ready.class);
            decoder.submit(1, Jobs.asking(1, "hello"));
            System.out.println(
                    ProcessHandle.current().children().findFirst().orElseThrow().pid());
            new CountDownLatch(1).await();
        }
    }

    /** The command line of an engine process. */
    static List<String> command(String... args) {
        return java(ScriptedEngineMain.class, args);
    }

    static List<String> java(Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return command;
    }
}
