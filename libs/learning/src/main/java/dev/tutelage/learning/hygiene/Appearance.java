package dev.tutelage.learning.hygiene;

import dev.tutelage.learning.data.ImageShape;
import java.util.Optional;

/** What an image looks like, in few bytes. Used by one thread. */
final class Appearance {
    private final Thumbnail thumbnails;
    private final float[] grey;
    private final long hash;
    private Optional<byte[]> thumbnail = Optional.empty();

    private Appearance(Thumbnail thumbnails, float[] grey, long hash) {
        this.thumbnails = thumbnails;
        this.grey = grey;
        this.hash = hash;
    }

    /** Looks at images of one shape. */
    static final class Viewer {
        private final ImageShape shape;
        private final PerceptualHash hash;
        private final Thumbnail thumbnails;

        Viewer(ImageShape shape) {
            this.shape = shape;
            this.hash = new PerceptualHash(shape.height(), shape.width());
            this.thumbnails = new Thumbnail(shape.height(), shape.width());
        }

        /** @param pixels uint8, [C, H, W] */
        Appearance look(byte[] pixels) {
            float[] grey = GreyPixels.of(shape, pixels);
            return new Appearance(thumbnails, grey, hash.of(grey));
        }
    }

    /** Its perceptual hash. */
    long hash() {
        return hash;
    }

    /** Its thumbnail, drawn when it is first needed: of most images it never is. */
    byte[] thumbnail() {
        if (thumbnail.isEmpty()) {
            thumbnail = Optional.of(thumbnails.of(grey));
        }
        return thumbnail.get();
    }
}
