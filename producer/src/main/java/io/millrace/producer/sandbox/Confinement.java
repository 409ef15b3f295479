package io.millrace.producer.sandbox;

import java.nio.file.Path;
import java.util.List;

/** A way to keep a program from the rest of the machine. Thread-safe. */
interface Confinement {
    /** Where the program's file lies and what it may write to, as it sees it. */
    String WORK = "/work";

    /** For people. */
    String name();

    /**
     * The command that runs the program confined.
     *
     * @param folder holds the program's file and nothing else, and others may read it
     */
    List<String> command(Path folder, Program program);
}
