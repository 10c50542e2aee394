package dev.tutelage.cli.remote;

import java.util.Set;

/** Thrown when a gateway refuses, or cannot be asked. The message says why, and what to do. */
public final class GatewayException extends Exception {
    private static final long serialVersionUID = 1L;

    private static final Set<Integer> MISTAKES = Set.of(400, 404, 409, 422);

    private final int status;

    /** It refuses. */
    GatewayException(String message, int status) {
        super(message);
        this.status = status;
    }

    GatewayException(String message, Throwable cause) {
        super(message, cause);
        this.status = 0;
    }

    /** Whether what was asked for cannot be done as things are: asking again would not help. */
    public boolean isRefusal() {
        return MISTAKES.contains(status);
    }
}
