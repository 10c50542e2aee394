package dev.tutelage.gateway.upload;

import java.io.IOException;

/** Thrown when the body stops coming: its sender is gone, or too slow. */
final class BrokenBodyException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenBodyException(IOException cause) {
        super("the body did not come whole: " + cause.getMessage(), cause);
    }
}
