package dev.tutelage.gateway.upload;

import java.io.IOException;

/** Thrown when a request costs more than it may. The message says of what there is too much, and what to do. */
final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLargeException(String reason) {
        super(reason);
    }
}
