package dev.tutelage.learning.data;

import java.io.IOException;

/** Thrown when a source cannot be read on because of what is in it; the message names the source and the place in it. */
public final class DamagedSourceException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedSourceException(String message) {
        super(message);
    }
}
