package io.millrace.producer.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a program may use. Memory is bounded twice: each process by its address space, all of them together by what they
 * hold, which is looked at twenty times a second.
 *
 * <p>Immutable.
 *
 * @param time on the clock
 * @param memoryBytes of all its processes together
 * @param addressBytes of each process
 * @param processes and threads
 * @param fileBytes that it may write, altogether and into one file
 */
public record Limits(Duration time, long memoryBytes, long addressBytes, int processes, long fileBytes) {
    private static final long MIB = 1 << 20;

    public Limits {
        Objects.requireNonNull(time, "time");
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("a program needs time, not " + time);
        }
    }

    /** Of a Python program. */
    public static Limits python(Duration time) {
        return new Limits(time, 512 * MIB, 1024 * MIB, 16, 32 * MIB);
    }

    /** A JVM reserves more than it uses, and has a dozen threads before it does anything. */
    public static Limits java(Duration time) {
        return new Limits(time, 768 * MIB, 4096 * MIB, 96, 32 * MIB);
    }

    /** Sets what the kernel checks, then becomes the program. */
    List<String> prlimit(List<String> program) {
        List<String> command = new ArrayList<>(List.of(
                "prlimit",
                "--as=" + addressBytes,
                "--nproc=" + processes,
                "--fsize=" + fileBytes,
                "--nofile=256",
                "--core=0",
                "--cpu=" + (time.toSeconds() + 1) * 2));
        command.addAll(program);
        return command;
    }
}
