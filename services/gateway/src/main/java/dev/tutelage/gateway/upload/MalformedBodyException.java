package dev.tutelage.gateway.upload;

import java.io.IOException;

/** Thrown when a body as a whole is not what its media type says. */
final class MalformedBodyException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedBodyException(String reason, Throwable cause) {
        super(reason, cause);
    }

    MalformedBodyException(String reason) {
        super(reason);
    }
}
