package dev.tutelage.cli.backup;

/** A backup cannot be made, is damaged, or cannot be restored here. The message says why, where, and what to do. */
public final class BackupException extends Exception {
    private static final long serialVersionUID = 1L;

    BackupException(String message) {
        super(message);
    }

    BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}
