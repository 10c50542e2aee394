package dev.tutelage.learning.hygiene;

import java.util.List;

/**
 * How the images of a shard are related to earlier ones of the same teacher.
 *
 * @param hashes the perceptual hash of each labeled image, in the order of the labels; empty if they are not known
 * @param links the images that are not labeled because equal bytes are, in the shard's order
 * @param resemblances the labeled images that look like an earlier one, in the shard's order
 */
public record ImageRelations(List<Long> hashes, List<Link> links, List<Resemblance> resemblances) {
    /** Nothing is known. */
    public static final ImageRelations UNKNOWN = new ImageRelations(List.of(), List.of(), List.of());

    public ImageRelations {
        hashes = List.copyOf(hashes);
        links = List.copyOf(links);
        resemblances = List.copyOf(resemblances);
    }
}
