package dev.tutelage.learning.data;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether a task can use an image, asked before the image goes into a shard.
 *
 * @param shape that images will have when they are used
 * @param classes that labels mean, or empty if labels are not wanted
 */
public record ImageCheck(ImageShape shape, Optional<ClassNames> classes) {

    /**
     * Makes sure that a shard can call an image so.
     *
     * @throws UnusableImageException if this cannot be a key
     */
    public void requireKey(String key) throws UnusableImageException {
        TarSample.requireKey(key);
    }

    /**
     * The class of an image, from 0; empty if labels are not wanted.
     *
     * @throws UnusableImageException if they are, and the image has none or one that is none of the classes
     */
    public OptionalInt label(SourceImage image) throws UnusableImageException {
        if (classes.isEmpty()) {
            return OptionalInt.empty();
        }
        SourceLabel label =
                image.label().orElseThrow(() -> new UnusableImageException(RejectionKind.BAD_LABEL, "has no label"));
        return OptionalInt.of(classes.get().index(label));
    }

    /**
     * Decodes an image to see whether that can be done.
     *
     * @param encoded PNG, JPEG or WebP
     * @throws UnusableImageException if a reader of the shard could not use it
     */
    public void requireDecodable(byte[] encoded) throws UnusableImageException {
        ImageCodec.decode(encoded, shape);
    }
}
