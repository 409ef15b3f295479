package io.millrace.producer.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Not at all, for those who ask for it: the program can do what the user can, for as long as its time lasts.
 *
 * <p>Immutable.
 */
record Unconfined() implements Confinement {

    @Override
    public String name() {
        return "no sandbox";
    }

    @Override
    public List<String> command(Path folder, Program program) {
        List<String> command = new ArrayList<>(List.of("setsid", "env", "-C", folder.toString()));
        command.addAll(program.command());
        return command;
    }
}
