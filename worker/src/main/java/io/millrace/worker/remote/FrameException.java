package io.millrace.worker.remote;

import java.io.IOException;

/** The bytes between the processes are no frames; the message says what is wrong with them. */
final class FrameException extends IOException {
    private static final long serialVersionUID = 1L;

    FrameException(String message) {
        super(message);
    }

    FrameException(String message, Throwable cause) {
        super(message, cause);
    }
}
