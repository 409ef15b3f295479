package io.millrace.producer.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * By bubblewrap, the tool under Flatpak: namespaces of its own for everything, a file system of what is bound into it, no
 * network, no privileges, no further namespaces.
 *
 * <p>Immutable.
 *
 * @param tool the program's path
 */
record Bubblewrap(String tool) implements Confinement {

    @Override
    public String name() {
        return "bubblewrap";
    }

    @Override
    public List<String> command(Path folder, Program program) {
        List<String> command = new ArrayList<>(Machine.withoutRoot());
        command.addAll(List.of(
                tool,
                "--unshare-all",
                "--unshare-user",
                "--disable-userns",
                "--die-with-parent",
                "--new-session",
                "--cap-drop",
                "ALL",
                "--uid",
                "65534",
                "--gid",
                "65534",
                "--hostname",
                "sandbox",
                "--clearenv"));
        for (String variable : Machine.environment()) {
            int equals = variable.indexOf('=');
            command.addAll(List.of("--setenv", variable.substring(0, equals), variable.substring(equals + 1)));
        }
        Machine.folders().forEach(path -> command.addAll(List.of("--ro-bind", path, path)));
        Machine.links().forEach(link -> command.addAll(List.of("--symlink", link.get(0), link.get(1))));
        command.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
        command.addAll(List.of("--size", Long.toString(program.limits().fileBytes()), "--tmpfs", WORK));
        command.addAll(List.of("--symlink", WORK, "/tmp"));
        command.addAll(List.of("--ro-bind", folder.resolve(program.file()).toString(), WORK + "/" + program.file()));
        // What is left of the tmpfs that bubblewrap builds in has no size of its own.
        command.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", WORK, "--"));
        command.addAll(program.limits().prlimit(program.command()));
        return command;
    }
}
