package dev.tutelage.learning.hygiene;

import java.util.Locale;

/**
 * An image that must not be labeled, because checkpoints are evaluated on it.
 *
 * @param index of the image in the set that was inspected
 * @param heldOut key of the held-out image
 * @param exact whether their bytes are equal
 * @param distance bits in which their hashes differ
 * @param difference of their thumbnails, root mean square in grey levels
 */
public record Leak(int index, String heldOut, boolean exact, int distance, double difference) {

    /** What is wrong, for people. */
    public String reason() {
        return exact
                ? "is held out: its bytes are those of " + heldOut
                : String.format(
                        Locale.ROOT,
                        "is held out: it looks like %s (%d of 64 bits of the hash and %.1f grey levels apart)",
                        heldOut,
                        distance,
                        difference);
    }
}
