package dev.tutelage.learning.data;

import java.io.IOException;
import java.util.Optional;

/**
 * An image of a source, not looked at yet.
 *
 * @param key what it is called by; fit to be a key of a shard unless the source has strange names
 * @param content its bytes
 * @param label what it shows, if the source says
 */
public record SourceImage(String key, Content content, Optional<SourceLabel> label) {

    /** Bytes that are fetched when they are needed, possibly on another thread. */
    public interface Content {
        /**
         * The encoded image.
         *
         * @throws UnusableImageException if there is none that could be used
         * @throws IOException if the source itself fails
         */
        byte[] encoded() throws UnusableImageException, IOException;
    }

    /**
     * What stands in the place of an image, but cannot be one.
     *
     * @param reason what is wrong with it, for people
     */
    public static SourceImage unusable(String key, RejectionKind kind, String reason) {
        return new SourceImage(
                key,
                () -> {
                    throw new UnusableImageException(kind, reason);
                },
                Optional.empty());
    }
}
