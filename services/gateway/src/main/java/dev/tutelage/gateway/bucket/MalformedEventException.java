package dev.tutelage.gateway.bucket;

/** Thrown when a record is no notification of an S3 service. The message says what is wrong. */
final class MalformedEventException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedEventException(String message) {
        super(message);
    }
}
