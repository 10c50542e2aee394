package dev.tutelage.gateway.upload;

import dev.tutelage.learning.data.ShardLimits;

/**
 * What a request may cost.
 *
 * @param imageBytes the largest encoded image
 * @param requestBytes the largest body
 * @param images the most images
 * @param entries the most entries of an archive
 * @param expansion how many times its size an archive may expand to
 */
record BodyLimits(int imageBytes, long requestBytes, int images, int entries, int expansion) {

    static BodyLimits of(UploadSettings settings) {
        long imageBytes = settings.imageBytes().asLongValue();
        int readable = ShardLimits.DEFAULT.entryBytes();
        if (imageBytes < 1 || imageBytes > readable) {
            throw new IllegalArgumentException("tutelage.gateway.upload.image-bytes is " + imageBytes
                    + ", but readers of shards read images of 1 to " + readable + " bytes");
        }
        return new BodyLimits(
                (int) imageBytes,
                settings.requestBytes().asLongValue(),
                settings.images(),
                settings.entries(),
                settings.expansion());
    }

    ShardLimits ofTar() {
        return new ShardLimits(imageBytes, entries, Long.MAX_VALUE, Integer.MAX_VALUE);
    }
}
