package dev.tutelage.platform.run;

/** A run that would fail however often it is tried: its input is wrong. The message says what, where and what to do. */
public final class RunRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RunRejectedException(String message) {
        super(message);
    }

    public RunRejectedException(String message, Throwable cause) {
        super(message, cause);
    }
}
