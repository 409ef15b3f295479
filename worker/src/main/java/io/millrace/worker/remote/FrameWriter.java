package io.millrace.worker.remote;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code engine-writer}: writes frames in their order, so that nobody else waits for a full pipe. Frames that
 * come close together go out as one write.
 *
 * <p>Thread-safe.
 */
final class FrameWriter {
    private static final Logger LOG = LoggerFactory.getLogger(FrameWriter.class);

    private final BlockingQueue<Message> queue;
    private final DataOutputStream out;
    private final Consumer<Throwable> onFailure;
    private final Thread thread = new Thread(this::run, "engine-writer");
    /** Whether the other end is gone, so that frames lead nowhere. */
    private volatile boolean broken;

    private sealed interface Message {
        record Send(Frame frame) implements Message {}

        record End() implements Message {}
    }

    /**
     * @param capacity how many frames may wait
     * @param onFailure told, on the writing thread, when frames cannot be written any more
     */
    FrameWriter(OutputStream out, int capacity, Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
        this.out = new DataOutputStream(new BufferedOutputStream(out, 1 << 16));
        this.queue = new ArrayBlockingQueue<>(capacity);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Hands a frame over; after the other end is gone, it is dropped.
     *
     * @return false when the queue is full
     */
    boolean offer(Frame frame) {
        return broken || queue.offer(new Message.Send(frame));
    }

    /** Hands a frame over and waits for room if need be; after the other end is gone, it is dropped. */
    void put(Frame frame) throws InterruptedException {
        Message message = new Message.Send(frame);
        while (!broken && !queue.offer(message, 100, TimeUnit.MILLISECONDS)) {
            LOG.debug("the other end of the engine process reads slowly");
        }
    }

    /** Writes what is there, closes the stream and ends; does not wait for it. */
    void end() {
        if (!queue.offer(new Message.End())) {
            thread.interrupt();
        }
    }

    /** Waits until the thread has ended, at most so long. */
    void join(long millis) throws InterruptedException {
        thread.join(millis);
    }

    private void run() {
        try (out) {
            while (queue.take() instanceof Message.Send send) {
                FrameCodec.write(out, send.frame());
                if (queue.isEmpty()) {
                    out.flush();
                }
            }
        } catch (IOException | RuntimeException e) {
            onFailure.accept(e);
        } catch (InterruptedException e) {
            LOG.debug("the engine process ends with {} frames unwritten", queue.size());
        } finally {
            broken = true;
            queue.clear();
        }
    }
}
