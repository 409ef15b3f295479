package io.millrace.producer.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One run of a program: watches its time and memory, keeps the end of what it prints.
 *
 * <p>Confined to the thread that runs it, but for the reader of its output.
 */
final class ProgramRun {
    private static final int KEPT_OUTPUT_BYTES = 8 * 1024;
    private static final long LOOK_MILLIS = 50;
    private static final long END_SECONDS = 10;
    private static final long PAGE_BYTES = 4096;

    private final Process process;
    private final Limits limits;
    private final CompletableFuture<String> output = new CompletableFuture<>();

    ProgramRun(List<String> command, Limits limits) throws IOException {
        this.limits = limits;
        this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        Thread reader = new Thread(this::read, "program-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        byte[] end = new byte[2 * KEPT_OUTPUT_BYTES];
        int kept = 0;
        try (InputStream in = process.getInputStream()) {
            for (int read = in.read(end, kept, end.length - kept);
                    read > 0;
                    read = in.read(end, kept, end.length - kept)) {
                kept += read;
                if (kept > end.length - 1024) {
                    System.arraycopy(end, kept - KEPT_OUTPUT_BYTES, end, 0, KEPT_OUTPUT_BYTES);
                    kept = KEPT_OUTPUT_BYTES;
                }
            }
            output.complete(new String(Arrays.copyOf(end, kept), StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The pipe of a process that was stopped may end like this; what came before counts.
            output.complete(new String(Arrays.copyOf(end, kept), StandardCharsets.UTF_8));
        }
    }

    Outcome outcome() throws IOException {
        String stopped = "";
        try {
            stopped = watched();
            if (!stopped.isEmpty()) {
                List<ProcessHandle> all = process.descendants().toList();
                process.destroyForcibly();
                all.forEach(ProcessHandle::destroyForcibly);
            }
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("process " + process.pid() + " does not end though it was killed");
            }
            return new Outcome(stopped, process.exitValue(), output.get(END_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new InterruptedIOException("interrupted while a program ran");
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the output of process " + process.pid() + " does not end", e);
        }
    }

    /** Waits for the end; why the program must be stopped, or empty text. */
    private String watched() throws InterruptedException {
        long start = System.nanoTime();
        while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (System.nanoTime() - start > limits.time().toNanos()) {
                return "stopped after " + limits.time().toMillis() / 1000.0 + " s";
            }
            long held = process.descendants().mapToLong(ProgramRun::held).sum();
            if (held > limits.memoryBytes()) {
                return "stopped with more than " + limits.memoryBytes() / (1 << 20) + " MiB";
            }
        }
        return "";
    }

    /** Bytes in memory. */
    private static long held(ProcessHandle handle) {
        try {
            String[] pages = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "statm"))
                    .split(" ");
            return pages.length > 1 ? Long.parseLong(pages[1]) * PAGE_BYTES : 0;
        } catch (NoSuchFileException e) {
            return 0; // it has just ended
        } catch (IOException e) {
            if (handle.isAlive()) {
                throw new UncheckedIOException(e);
            }
            return 0;
        }
    }
}
