package dev.tutelage.learning.data;

/**
 * What a shard may cost its reader; beyond, reading stops with a word about it. All are guards against bombs: a tar of a
 * few megabytes can declare terabytes.
 *
 * @param entryBytes the largest encoded image, in bytes; larger ones are rejected and skipped
 * @param entries the most entries of the tar that are looked at
 * @param decodedBytes the most room for decoded pixels, in bytes
 * @param rejected the most images that may be unusable; with one more the shard counts as damaged
 */
public record ShardLimits(int entryBytes, int entries, long decodedBytes, int rejected) {
    /** 16 MiB an image, half a million entries, 4 GiB of pixels, 10,000 unusable images. */
    public static final ShardLimits DEFAULT = new ShardLimits(16 << 20, 500_000, 4L << 30, 10_000);

    public ShardLimits {
        if (entryBytes < 1 || entries < 1 || decodedBytes < 1 || rejected < 0) {
            throw new IllegalArgumentException("shard limits must be positive: entryBytes " + entryBytes + ", entries "
                    + entries + ", decodedBytes " + decodedBytes + ", rejected " + rejected);
        }
    }
}
