package dev.tutelage.cli.ingest;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Images without labels of which no two are the same: when the sample is through, it begins again with another first pixel. */
public final class DistinctImages {
    private final ImageSet sample;
    private int next;

    public DistinctImages(ImageSet sample) {
        this.sample = sample;
    }

    /** The next so many. */
    public ImageSet next(int number) {
        ImageShape shape = sample.shape();
        List<String> keys = new ArrayList<>();
        byte[] pixels = new byte[number * shape.size()];
        for (int i = 0; i < number; i++, next++) {
            byte[] image = sample.pixels(next % sample.size());
            image[0] = (byte) (image[0] + next / sample.size());
            System.arraycopy(image, 0, pixels, i * shape.size(), image.length);
            keys.add(String.format("%09d", next));
        }
        // The digests are those of the encoded images, which whoever reads the shard computes.
        return ImageSet.of(shape, keys, pixels, keys, Optional.empty());
    }
}
