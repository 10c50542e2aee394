package dev.tutelage.cli.remote;

/** Thrown when a gateway refuses, or cannot be asked. The message says why, and what to do. */
final class GatewayException extends Exception {
    private static final long serialVersionUID = 1L;

    GatewayException(String message) {
        super(message);
    }

    GatewayException(String message, Throwable cause) {
        super(message, cause);
    }
}
