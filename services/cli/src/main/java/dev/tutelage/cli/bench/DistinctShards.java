package dev.tutelage.cli.bench;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Shards of images of which no two are the same: when the sample is through, it begins again with another first pixel. */
final class DistinctShards {
    private final ImageSet sample;
    private final LabelerLoad load;
    private final List<ShardAdded> stored = new ArrayList<>();
    private int next;

    DistinctShards(ImageSet sample, LabelerLoad load) {
        this.sample = sample;
        this.load = load;
    }

    /** Some shards, stored and not announced. */
    List<ShardAdded> shards(int number, int images) {
        return Stream.generate(() -> shard(images)).limit(number).toList();
    }

    /** Shards without end, each stored when it is asked for. */
    Iterator<ShardAdded> endless(int images) {
        return Stream.generate(() -> shard(images)).iterator();
    }

    /** The shards stored last that together hold at least so many images. */
    List<ShardAdded> newest(long images) {
        List<ShardAdded> newest = new ArrayList<>();
        long held = 0;
        for (int i = stored.size() - 1; i >= 0 && held < images; i--) {
            newest.add(stored.get(i));
            held += stored.get(i).getImages();
        }
        Collections.reverse(newest);
        return newest;
    }

    /** The same shards as files. */
    List<String> copies(List<ShardAdded> shards, Path directory) {
        return shards.stream()
                .map(shard -> load.copy(shard.getShard(), directory))
                .map(Path::toString)
                .toList();
    }

    private ShardAdded shard(int images) {
        try {
            ShardAdded shard = load.store(LabelerLoad.tar(images(images)), images);
            stored.add(shard);
            return shard;
        } catch (IOException e) {
            throw new UncheckedIOException("A shard cannot be written", e);
        }
    }

    private ImageSet images(int number) {
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
