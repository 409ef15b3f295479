package io.millrace.producer.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Runs programs that may do anything.
 *
 * <p>Thread-safe.
 */
public final class Sandbox {
    private static final Duration PROBE_TIME = Duration.ofSeconds(10);

    private final Confinement confinement;

    private Sandbox(Confinement confinement) {
        this.confinement = confinement;
    }

    /**
     * What was found on this machine.
     *
     * @param reasons why the ways that come before it do not work
     */
    public record Found(Optional<Sandbox> sandbox, List<String> reasons) {
        public Found {
            reasons = List.copyOf(reasons);
        }
    }

    /** The best way that works here. */
    public static Found find() throws IOException {
        List<String> reasons = new ArrayList<>();
        for (Confinement confinement : confinements()) {
            String fault = new Sandbox(confinement).fault();
            if (fault.isEmpty()) {
                return new Found(Optional.of(new Sandbox(confinement)), reasons);
            }
            reasons.add(confinement.name() + ": " + fault);
        }
        return new Found(Optional.empty(), reasons);
    }

    /** All ways that work here; they are tested one by one. */
    static List<Sandbox> all() throws IOException {
        List<Sandbox> all = new ArrayList<>();
        for (Confinement confinement : confinements()) {
            Sandbox sandbox = new Sandbox(confinement);
            if (sandbox.fault().isEmpty()) {
                all.add(sandbox);
            }
        }
        return all;
    }

    /** Runs programs as they are. */
    public static Sandbox unsafe() {
        return new Sandbox(new Unconfined());
    }

    private static List<Confinement> confinements() {
        return List.of(new Bubblewrap(Machine.tool("bwrap").orElse("bwrap")), new Unshare());
    }

    /** How it confines. */
    public String name() {
        return confinement.name();
    }

    /** Whether a program can be run and sees nothing of the user's; empty if so, else why not. */
    private String fault() throws IOException {
        String token = UUID.randomUUID().toString();
        Program probe = new Program(
                "probe.sh",
                "test ! -e /etc/passwd && test ! -e /root && test ! -e /home && echo " + token,
                List.of("sh", "probe.sh"),
                Limits.python(PROBE_TIME));
        try {
            Outcome outcome = run(probe);
            return outcome.well() && outcome.output().contains(token) ? "" : outcome.fault();
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** Runs a program to its end, or to that of its time or memory. */
    public Outcome run(Program program) throws IOException {
        Path folder = Files.createTempDirectory("millrace-program-");
        try {
            // The sandbox's user is not this one.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path file = Files.writeString(folder.resolve(program.file()), program.source());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            Files.createDirectory(folder.resolve("root"));
            return new ProgramRun(confinement.command(folder, program), program.limits()).outcome();
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
