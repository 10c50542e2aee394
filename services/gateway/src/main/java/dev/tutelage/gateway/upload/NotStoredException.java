package dev.tutelage.gateway.upload;

/** Thrown when it is not known whether an upload is in, because the store, the log or the disk did not do their part. */
final class NotStoredException extends Exception {
    private static final long serialVersionUID = 1L;

    NotStoredException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
