package dev.tutelage.gateway.console;

/** An object of the store cannot be looked at. */
final class UnseenException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message for people */
    UnseenException(String message) {
        super(message);
    }

    UnseenException(String message, Throwable cause) {
        super(message, cause);
    }
}
