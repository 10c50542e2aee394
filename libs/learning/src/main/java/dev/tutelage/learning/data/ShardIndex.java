package dev.tutelage.learning.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which images a shard holds, by key and digest. None is decoded, so this is what the shard's bytes say, not what a reader
 * could make of them; and it takes no native library.
 *
 * @param images in the shard's order
 * @param damage what is wrong with the tar and where, if it is not whole; the images before that are there
 */
public record ShardIndex(List<Image> images, Optional<String> damage) {

    /**
     * An image, usable or not.
     *
     * @param key as {@link RejectedImage} tells it
     * @param digest SHA-256 of the encoded bytes, in hex; empty if there are none or more than are read
     */
    public record Image(String key, Optional<String> digest) {}

    public ShardIndex {
        images = List.copyOf(images);
    }

    /**
     * Reads a shard as far as {@link ShardReader} would at most.
     *
     * @param in the tar; read once, front to back, and not closed
     * @throws IOException if the stream itself fails (never for what is in it)
     */
    public static ShardIndex read(InputStream in) throws IOException {
        TarSamples samples = new TarSamples(in, ShardLimits.DEFAULT);
        List<Image> images = new ArrayList<>();
        Optional<TarSample> next = samples.next();
        while (next.isPresent()) {
            TarSample sample = next.get();
            images.add(new Image(
                    PrintableText.of(sample.key()), sample.image().bytes().map(Sha256::of)));
            next = samples.next();
        }
        return new ShardIndex(images, samples.damage());
    }
}
