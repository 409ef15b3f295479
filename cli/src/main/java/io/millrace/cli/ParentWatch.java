package io.millrace.cli;

import java.io.IOException;

/** Ends this process, gracefully, when its standard input ends: its parent is gone then, or wants it to stop. */
final class ParentWatch {

    private ParentWatch() {}

    static void start() {
        Thread watch = new Thread(ParentWatch::untilEnd, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void untilEnd() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is said on it.
            }
        } catch (IOException e) {
            // A broken pipe is an end as well.
        }
        System.exit(ExitStatus.OK);
    }
}
