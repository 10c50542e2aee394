package dev.tutelage.learning.hygiene;

import dev.tutelage.learning.recipe.HygieneRecipe;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * The newest images that one teacher has labeled by one recipe: by digest the shard that holds the label, and by perceptual
 * hash the images that look alike.
 *
 * <p>Memory: 60 bytes an image for {@code nearDistance} 3 (36 of digests, 24 of hashes, and 4 more for each further bit),
 * growing up to the capacity, and 2.5 MiB. Thread-safe.
 */
public final class LabeledImages {
    /** Where very many images look alike, the newest are enough to flag the next. */
    private static final int MOST_CANDIDATES = 256;

    private static final int WORD = 16;
    /** Words of a digest beyond the first. */
    private static final int REST = 3;

    private final int capacity;
    private final HammingIndex digests;
    private final Optional<HammingIndex> hashes;
    private long[] rest = new long[0];
    private final TreeMap<Long, String> shards = new TreeMap<>();

    /**
     * No images.
     *
     * @param capacity images that are remembered, 1 or more
     */
    public LabeledImages(HygieneRecipe recipe, int capacity) {
        this.capacity = capacity;
        this.digests = new HammingIndex(0, capacity, MOST_CANDIDATES);
        this.hashes = recipe.nearDistance() < 0
                ? Optional.empty()
                : Optional.of(new HammingIndex(recipe.nearDistance(), capacity, MOST_CANDIDATES));
    }

    /**
     * Remembers the labeled images of a shard.
     *
     * @param images SHA-256 of each one's encoded bytes
     * @param perceptual their hashes
     */
    public synchronized void add(String shard, List<String> images, List<Long> perceptual) {
        if (images.size() != perceptual.size()) {
            throw new IllegalArgumentException(images.size() + " images have " + perceptual.size() + " hashes");
        }
        for (int i = 0; i < images.size(); i++) {
            if (i == 0) {
                shards.put(digests.size(), shard);
            }
            add(images.get(i), perceptual.get(i));
        }
        while (shards.size() > 1 && shards.higherKey(shards.firstKey()) <= digests.size() - capacity) {
            shards.pollFirstEntry();
        }
    }

    private void add(String image, long perceptual) {
        int slot = slot(digests.size());
        if (rest.length <= slot * REST) {
            rest = Arrays.copyOf(rest, (int) Math.min((long) capacity * REST, Math.max(1024 * REST, 2L * rest.length)));
        }
        for (int i = 0; i < REST; i++) {
            rest[slot * REST + i] = word(image, i + 1);
        }
        digests.add(word(image, 0));
        hashes.ifPresent(index -> index.add(perceptual));
    }

    /** How many images are remembered. */
    public synchronized int size() {
        return (int) Math.min(capacity, digests.size());
    }

    /** The shard that holds the label of an image with this digest. */
    synchronized Optional<String> shardOf(String image) {
        return digests.nearest(word(image, 0), position -> isImage(position, image))
                .map(found -> shards.floorEntry(found.position()).getValue());
    }

    /** The other image that looks most like one with this digest and hash. */
    synchronized Optional<Resemblance> resembling(String image, long perceptual) {
        LongPredicate other = position -> !isImage(position, image);
        return hashes.flatMap(index -> index.nearest(perceptual, other))
                .map(found -> new Resemblance(image, image(found.position()), found.distance()));
    }

    private boolean isImage(long position, String image) {
        boolean same = digests.hash(position) == word(image, 0);
        for (int i = 0; i < REST && same; i++) {
            same = rest[slot(position) * REST + i] == word(image, i + 1);
        }
        return same;
    }

    private String image(long position) {
        StringBuilder hex = new StringBuilder(4 * WORD).append(hex(digests.hash(position)));
        for (int i = 0; i < REST; i++) {
            hex.append(hex(rest[slot(position) * REST + i]));
        }
        return hex.toString();
    }

    private int slot(long position) {
        return (int) (position % capacity);
    }

    private static String hex(long word) {
        return String.format("%016x", word);
    }

    private static long word(String digest, int i) {
        return Long.parseUnsignedLong(digest, WORD * i, WORD * (i + 1), 16);
    }
}
