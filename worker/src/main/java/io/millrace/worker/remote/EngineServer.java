package io.millrace.worker.remote;

import io.millrace.job.FailureKind;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * The child's end of the engine process: runs a decoder for the frames of one stream and writes what it says to
 * another, until the first stream ends, which is how the parent says that it is done, or dead.
 *
 * <p>Confined to the main thread, but for the reader and the listener in it.
 */
public final class EngineServer {
    /** The parent has closed the stream. */
    public static final int EXIT_DONE = 0;
    /** The engine could not be loaded or has failed for good; the parent was told why. */
    public static final int EXIT_FAILED = 2;
    /** The parent's frames cannot be read, or it does not read ours. */
    public static final int EXIT_BROKEN = 3;

    private static final Logger LOG = LoggerFactory.getLogger(EngineServer.class);
    private static final int QUEUED_FRAMES = 1024;
    private static final long LAST_WORDS_MILLIS = 5_000;

    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Decoder decoder;
    private final FrameWriter writer;
    private final DataInputStream in;

    private EngineServer(Decoder decoder, InputStream in, OutputStream out) {
        this.decoder = decoder;
        this.in = new DataInputStream(new BufferedInputStream(in, 1 << 16));
        this.writer = new FrameWriter(out, QUEUED_FRAMES, e -> {
            LOG.error("the parent of the engine process cannot be written to: {}", e.toString());
            exit.complete(EXIT_BROKEN);
        });
    }

    /**
     * Serves this process's own streams. From now on {@link System#out} leads to stderr, because stdout carries frames,
     * and signals to end are passed over: Ctrl-C reaches the whole process group, but it is the parent that decides when
     * the engine has drained, and its death shows as the end of stdin.
     *
     * @param decoder what works on the jobs; not started yet
     * @return the exit status; the caller must halt with it, as the engine may still be in native code
     */
    public static int serve(Decoder decoder) {
        OutputStream out = System.out;
        System.setOut(System.err);
        for (String name : List.of("INT", "TERM", "HUP")) {
            Signal.handle(new Signal(name), signal -> LOG.debug("SIG{} is the parent's business", signal.getName()));
        }
        return run(decoder, System.in, out);
    }

    /**
     * Serves the given streams until the first one ends or the engine fails.
     *
     * @param decoder what works on the jobs; not started yet
     * @return the exit status
     */
    public static int run(Decoder decoder, InputStream in, OutputStream out) {
        return new EngineServer(decoder, in, out).run();
    }

    private int run() {
        Thread reader = new Thread(this::read, "engine-reader");
        reader.setDaemon(true);
        writer.start();
        decoder.start(new Outgoing());
        reader.start();
        int status = exit.join();
        decoder.close();
        writer.end();
        try {
            writer.join(LAST_WORDS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return status;
    }

    private void read() {
        try {
            Optional<Frame> frame = FrameCodec.read(in);
            while (frame.isPresent()) {
                take(frame.get());
                frame = FrameCodec.read(in);
            }
            exit.complete(EXIT_DONE);
        } catch (IOException | InterruptedException | RuntimeException e) {
            LOG.error("the frames of the engine process's parent cannot be read", e);
            exit.complete(EXIT_BROKEN);
        }
    }

    private void take(Frame frame) throws IOException, InterruptedException {
        if (frame instanceof Frame.Submit submit) {
            decoder.submit(submit.ticket(), submit.job());
        } else if (frame instanceof Frame.Cancel cancel) {
            decoder.cancel(cancel.ticket());
        } else if (frame instanceof Frame.Unreadable unreadable) {
            writer.put(new Frame.Finished(List.of(
                    new Decoder.Outcome.Refused(unreadable.ticket(), FailureKind.INVALID_JOB, unreadable.reason()))));
        } else {
            throw new FrameException("the parent sent " + frame + ", which only the engine process may send");
        }
    }

    /** Writes what the decoder says. Called on decode threads, which wait only if the parent reads too slowly. */
    private final class Outgoing implements Decoder.Listener {

        @Override
        public void ready(EngineInfo info) {
            put(new Frame.Ready(info));
        }

        @Override
        public void finished(List<Decoder.Outcome> outcomes) {
            put(new Frame.Finished(outcomes));
        }

        @Override
        public void died(String reason) {
            failed(reason);
        }

        @Override
        public void failed(String reason) {
            put(new Frame.Failed(reason));
            exit.complete(EXIT_FAILED);
        }

        @Override
        public void figures(EngineFigures figures) {
            put(new Frame.Figures(figures));
        }

        private void put(Frame frame) {
            try {
                writer.put(frame);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while handing over " + frame, e);
            }
        }
    }
}
