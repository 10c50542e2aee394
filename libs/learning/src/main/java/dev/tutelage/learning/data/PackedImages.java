package dev.tutelage.learning.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was packed.
 *
 * @param images in all shards
 * @param perClass how many of them each class has, by name and in their order; empty if no labels were wanted
 * @param rejected how many images of the source were left out
 * @param reasons of the first of those
 * @param shards in their order
 */
public record PackedImages(
        int images, Map<String, Integer> perClass, int rejected, List<RejectedImage> reasons, List<Shard> shards) {

    /**
     * A shard.
     *
     * @param file its name
     * @param images in it
     * @param sha256 of the file, in hex
     */
    public record Shard(String file, int images, String sha256) {}

    public PackedImages {
        perClass = Collections.unmodifiableMap(new LinkedHashMap<>(perClass));
        reasons = List.copyOf(reasons);
        shards = List.copyOf(shards);
    }
}
