package io.millrace.worker.remote;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How the engine process is run.
 *
 * <p>Immutable.
 *
 * @param command the process's command line
 * @param environment variables to set beside this process's own
 * @param failedStarts after so many deaths in a row without getting ready the engine is given up
 * @param firstPause how long to wait before the first restart; each further one waits twice as long
 * @param longestPause the most to wait before a restart
 * @param closeWithin how long the process may take to end before it is killed
 * @param queueCapacity how many submissions and cancellations may wait to be written
 */
public record RemoteSettings(
        List<String> command,
        Map<String, String> environment,
        int failedStarts,
        Duration firstPause,
        Duration longestPause,
        Duration closeWithin,
        int queueCapacity) {

    public RemoteSettings {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty() || failedStarts < 1 || queueCapacity < 1) {
            throw new IllegalArgumentException("an engine process needs a command (" + command
                    + "), at least one start (" + failedStarts + ") and a queue (" + queueCapacity + ")");
        }
        if (firstPause.isNegative() || longestPause.compareTo(firstPause) < 0 || closeWithin.isNegative()) {
            throw new IllegalArgumentException("pauses of " + firstPause + " to " + longestPause
                    + " and closing within " + closeWithin + " make no sense");
        }
    }

    /** Three starts, pauses from 0.2 s to 10 s, 10 s to close. */
    public static RemoteSettings of(List<String> command, Map<String, String> environment) {
        return new RemoteSettings(
                command,
                environment,
                3,
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                65_536);
    }
}
