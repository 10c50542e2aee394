package dev.tutelage.cli.bench;

import dev.tutelage.cli.ingest.DistinctImages;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.learning.data.ImageSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Shards of images of which no two are the same: when the sample is through, it begins again with another first pixel. */
final class DistinctShards {
    private final DistinctImages distinct;
    private final LabelerLoad load;
    private final List<ShardAdded> stored = new ArrayList<>();

    DistinctShards(ImageSet sample, LabelerLoad load) {
        this.distinct = new DistinctImages(sample);
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
            ShardAdded shard = load.store(LabelerLoad.tar(distinct.next(images)), images);
            stored.add(shard);
            return shard;
        } catch (IOException e) {
            throw new UncheckedIOException("A shard cannot be written", e);
        }
    }
}
