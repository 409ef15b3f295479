package io.millrace.worker.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of the engine process: this JVM's own java and class path, with settings that suit an engine.
 *
 * <p>Immutable.
 */
final class EngineCommand {

    private EngineCommand() {}

    static List<String> of(EngineOptions options, String modelName) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The heap holds jobs in flight only; the native threads want the cores that compilers and collectors would
        // take.
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Xshare:auto");
        // JavaCPP would count weights and cache against the heap's size and refuse them.
        command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
        command.add("-Dorg.bytedeco.javacpp.maxBytes=0");
        command.add("-Dmillrace.log.level=" + System.getProperty("millrace.log.level", "INFO"));
        String cache = System.getProperty("org.bytedeco.javacpp.cachedir");
        if (cache != null) {
            command.add("-Dorg.bytedeco.javacpp.cachedir=" + cache);
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(EngineMain.class.getName());
        command.add(modelName);
        command.addAll(options.toArguments());
        return command;
    }
}
