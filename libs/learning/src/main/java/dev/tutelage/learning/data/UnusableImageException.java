package dev.tutelage.learning.data;

/** Thrown when bytes are no image that a task can use; the message says why. */
public final class UnusableImageException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableImageException(String reason) {
        super(reason);
    }

    UnusableImageException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
