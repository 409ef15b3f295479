package io.millrace.worker.gguf;

/** A file is no GGUF file that may be given to native code; the message says where and why. */
public final class GgufException extends Exception {
    private static final long serialVersionUID = 1L;

    public GgufException(String message) {
        super(message);
    }
}
