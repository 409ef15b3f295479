package io.millrace.cli;

/** Something the user can mend; the message says how, and no stack trace is shown. */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    /** Wrong input or options. */
    public UserError(String message) {
        this(message, ExitStatus.USAGE);
    }

    public UserError(String message, int exitStatus) {
        super(message);
        this.exitStatus = exitStatus;
    }

    public int exitStatus() {
        return exitStatus;
    }
}
