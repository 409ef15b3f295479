package io.millrace.worker.llama;

import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.ggml_log_callback;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes llama.cpp's log to SLF4J, logger {@code llama.cpp}, one level lower than llama.cpp says for what is not an error
 * or warning: it tells a model's whole life story at INFO. Keeps the last complaints for messages of ours, because
 * llama.cpp's functions return null and give the reason only here.
 *
 * <p>Thread-safe: llama.cpp calls it on whatever thread logs.
 */
final class NativeLog extends ggml_log_callback {
    private static final Logger LOG = LoggerFactory.getLogger("llama.cpp");
    private static final int KEPT = 4;
    /** Said of a cache that all slots share: no single sequence gets that long here. */
    private static final String UNIFIED_CACHE = "possible training context overflow";

    private final ThreadLocal<Line> line = ThreadLocal.withInitial(Line::new);
    private final Deque<String> complaints = new ConcurrentLinkedDeque<>();
    private final Deque<String> backends = new ConcurrentLinkedDeque<>();

    /** From now on; the log must be held as long as native code runs. */
    void attach() {
        Llama.llama_log_set(this, null);
    }

    @Override
    public void call(int level, BytePointer text, Pointer userData) {
        try {
            line.get().add(level, text.getString());
        } catch (Throwable e) {
            // Into native code an exception must not go.
            LOG.error("cannot log a line of llama.cpp", e);
        }
    }

    /** The last warnings and errors, for the end of a message; forgets them. */
    String takeComplaints() {
        Deque<String> taken = new ArrayDeque<>();
        for (String said = complaints.pollFirst(); said != null; said = complaints.pollFirst()) {
            taken.add(said);
        }
        return taken.isEmpty() ? "" : " llama.cpp says: " + String.join("; ", taken);
    }

    /** File names of the backends loaded so far. */
    Deque<String> backends() {
        return backends;
    }

    private void finish(int level, String said) {
        if (said.isBlank()) {
            return;
        }
        switch (level) {
            case Llama.GGML_LOG_LEVEL_ERROR -> {
                complain(said);
                LOG.error("{}", said);
            }
            case Llama.GGML_LOG_LEVEL_WARN -> {
                complain(said);
                if (said.contains(UNIFIED_CACHE)) {
                    LOG.debug("{}", said);
                } else {
                    LOG.warn("{}", said);
                }
            }
            case Llama.GGML_LOG_LEVEL_INFO -> {
                if (said.startsWith("load_backend: loaded ")) {
                    backends.add(said.substring(said.lastIndexOf('/') + 1));
                }
                LOG.debug("{}", said);
            }
            default -> LOG.trace("{}", said);
        }
    }

    private void complain(String said) {
        complaints.addLast(said);
        while (complaints.size() > KEPT) {
            complaints.pollFirst();
        }
    }

    /** A line in the making: llama.cpp logs pieces, with newlines of its own. */
    private final class Line {
        private final StringBuilder text = new StringBuilder();
        private int level;

        void add(int newLevel, String piece) {
            if (newLevel != Llama.GGML_LOG_LEVEL_CONT) {
                level = newLevel;
            }
            text.append(piece);
            int end = text.indexOf("\n");
            while (end >= 0) {
                finish(level, text.substring(0, end).stripTrailing());
                text.delete(0, end + 1);
                end = text.indexOf("\n");
            }
        }
    }
}
