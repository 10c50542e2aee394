package dev.tutelage.learning.train;

/** A snapshot is damaged or belongs to another run. */
public final class UnusableSnapshotException extends Exception {

    private static final long serialVersionUID = 1;

    UnusableSnapshotException(String message) {
        super(message);
    }

    UnusableSnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
