package dev.tutelage.gateway.upload;

import java.io.IOException;

/** Thrown when too many images wait for a shard already. That passes. */
final class SpoolFullException extends IOException {
    private static final long serialVersionUID = 1L;

    SpoolFullException(long limit) {
        super("more than " + limit + " bytes of images wait to be stored already");
    }
}
