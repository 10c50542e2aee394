package dev.tutelage.event;

/** A record that is no fact of ours. Its message says what is wrong with it and where, for the dead letter. */
public final class MalformedEventException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedEventException(String message) {
        super(message);
    }

    MalformedEventException(String message, Throwable cause) {
        super(message, cause);
    }
}
