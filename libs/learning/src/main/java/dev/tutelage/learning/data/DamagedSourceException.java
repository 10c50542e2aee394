package dev.tutelage.learning.data;

import java.io.IOException;

/** Thrown when a source cannot be read on because of what is in it; the message names the source and the place in it. */
public final class DamagedSourceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String damage;

    /**
     * Of one source.
     *
     * @param damage what is wrong and where
     */
    DamagedSourceException(String source, String damage) {
        super(source + " is damaged: " + damage);
        this.damage = damage;
    }

    /** What is wrong and where, without the source's name. */
    public String damage() {
        return damage;
    }
}
