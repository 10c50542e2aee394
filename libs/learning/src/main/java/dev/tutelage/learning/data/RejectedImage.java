package dev.tutelage.learning.data;

/**
 * An image of a shard that was left out, so that one bad file does not cost the rest of the shard.
 *
 * @param key the image's key in the shard
 * @param kind what kind of reason it is
 * @param reason what is wrong with it, in words
 */
public record RejectedImage(String key, RejectionKind kind, String reason) {

    /** An image by this key that could not be used. */
    static RejectedImage of(String key, UnusableImageException problem) {
        return new RejectedImage(PrintableText.of(key), problem.kind(), problem.getMessage());
    }
}
