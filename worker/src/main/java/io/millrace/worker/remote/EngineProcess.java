package io.millrace.worker.remote;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of the engine process, with the thread {@code engine-log} that forwards its stderr to the logger {@code
 * engine}.
 *
 * <p>Thread-safe, but for {@link #read} and {@link #awaitEnd}, which are confined to the engine-reader thread.
 */
final class EngineProcess {
    private static final Logger LOG = LoggerFactory.getLogger(EngineProcess.class);
    private static final Logger ENGINE_LOG = LoggerFactory.getLogger("engine");
    private static final int LAST_LINES = 8;
    private static final long LAST_WORDS_MILLIS = 5_000;
    private static final int SIGNAL_BASE = 128;
    private static final Map<Integer, String> SIGNALS = Map.of(
            1, "SIGHUP",
            2, "SIGINT",
            4, "SIGILL: this CPU lacks an instruction that the engine uses",
            6, "SIGABRT: a check in the native code failed",
            7, "SIGBUS",
            8, "SIGFPE",
            9, "SIGKILL: it was killed, perhaps for want of memory",
            11, "SIGSEGV",
            15, "SIGTERM");

    private final Process process;
    private final DataInputStream in;
    private final FrameWriter writer;
    private final Thread logThread = new Thread(this::forwardLog, "engine-log");
    private final Deque<String> lastLines = new ConcurrentLinkedDeque<>();

    /** Why this process's owner killed it; empty if it did not. */
    private volatile String killedFor = "";

    private EngineProcess(Process process, int queueCapacity) {
        this.process = process;
        this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
        this.writer = new FrameWriter(process.getOutputStream(), queueCapacity, this::writeFailed);
        this.logThread.setDaemon(true);
    }

    static EngineProcess start(RemoteSettings settings) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(settings.command());
        // Where traces go, and with which login, is none of native code's business.
        builder.environment().keySet().removeIf(name -> name.startsWith("OTEL_"));
        builder.environment().putAll(settings.environment());
        EngineProcess started = new EngineProcess(builder.start(), settings.queueCapacity());
        started.writer.start();
        started.logThread.start();
        LOG.info("pid={} the engine process has started", started.process.pid());
        return started;
    }

    /** The next frame, or nothing when the process has closed its end. */
    Optional<Frame> read() throws IOException {
        return FrameCodec.read(in);
    }

    /** Hands a frame over for writing; false when too many wait. */
    boolean send(Frame frame) {
        return writer.offer(frame);
    }

    /** Asks the process to end by closing its stdin; does not wait. */
    void end() {
        writer.end();
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Kills it for a reason, which is then how it ended. */
    void kill(String reason) {
        killedFor = "the engine process was killed: " + reason;
        process.destroyForcibly();
    }

    /** Waits until the process has ended, kills it if that takes long, and says how it ended. */
    String awaitEnd() throws InterruptedException {
        writer.end();
        if (!process.waitFor(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.warn("pid={} the engine process has closed its output and goes on: it is killed", process.pid());
            process.destroyForcibly();
            process.waitFor();
        }
        logThread.join(LAST_WORDS_MILLIS);
        String cause = killedFor;
        if (!cause.isEmpty()) {
            return cause;
        }
        int status = process.exitValue();
        if (status <= SIGNAL_BASE) {
            return "the engine process ended with exit status " + status;
        }
        int signal = status - SIGNAL_BASE;
        return "the engine process ended by signal " + signal + " (" + SIGNALS.getOrDefault(signal, "no common one")
                + ")";
    }

    /** The last lines of its stderr. */
    String lastLines() {
        return String.join("\n", lastLines);
    }

    private void writeFailed(Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("pid={} the engine process reads no more: {}", process.pid(), cause.getMessage());
        } else {
            LOG.error("pid={} a frame could not be written; the engine process is killed", process.pid(), cause);
            kill();
        }
    }

    private void forwardLog() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                lastLines.add(line);
                if (lastLines.size() > LAST_LINES) {
                    lastLines.removeFirst();
                }
                ENGINE_LOG.info(line);
                line = lines.readLine();
            }
        } catch (IOException e) {
            LOG.debug("pid={} the engine process's log ends: {}", process.pid(), e.getMessage());
        }
    }
}
