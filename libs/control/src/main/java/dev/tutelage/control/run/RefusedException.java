package dev.tutelage.control.run;

/** What was asked for cannot be done as things are. The message says why and what to do instead. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }
}
