package dev.tutelage.gateway.upload;

import java.io.IOException;

/** Thrown when a request says something about its images that cannot be. */
final class InvalidTermsException extends IOException {
    private static final long serialVersionUID = 1L;

    InvalidTermsException(String reason) {
        super(reason);
    }
}
