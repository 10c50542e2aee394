package dev.tutelage.gateway.stored;

/** An object of the store cannot be looked at. */
public final class UnseenException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message for people */
    public UnseenException(String message) {
        super(message);
    }

    public UnseenException(String message, Throwable cause) {
        super(message, cause);
    }
}
