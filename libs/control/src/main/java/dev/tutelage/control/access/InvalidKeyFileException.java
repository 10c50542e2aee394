package dev.tutelage.control.access;

/** A file of keys is not as it must be. The message says where and what to do. */
public final class InvalidKeyFileException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidKeyFileException(String message) {
        super(message);
    }

    InvalidKeyFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
