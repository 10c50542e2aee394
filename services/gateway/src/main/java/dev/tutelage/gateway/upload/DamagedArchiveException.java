package dev.tutelage.gateway.upload;

import java.io.IOException;

/** Thrown when an archive cannot be read on; what came before the damage is good. The message says what is wrong and where. */
final class DamagedArchiveException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedArchiveException(String damage) {
        super(damage);
    }

    DamagedArchiveException(String damage, Throwable cause) {
        super(damage, cause);
    }
}
