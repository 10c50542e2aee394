package dev.tutelage.learning.data;

/**
 * An image of a shard that was left out, so that one bad file does not cost the rest of the shard.
 *
 * @param key the image's key in the shard
 * @param reason what is wrong with it, in words
 */
public record RejectedImage(String key, String reason) {}
