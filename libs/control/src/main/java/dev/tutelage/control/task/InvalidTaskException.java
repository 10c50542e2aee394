package dev.tutelage.control.task;

/** A task file cannot be used. The message names the file, the field and what to do. */
public final class InvalidTaskException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidTaskException(String message) {
        super(message);
    }

    InvalidTaskException(String message, Throwable cause) {
        super(message, cause);
    }
}
