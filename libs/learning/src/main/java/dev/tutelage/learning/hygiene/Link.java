package dev.tutelage.learning.hygiene;

/**
 * An image that is not labeled because equal bytes are.
 *
 * @param image SHA-256 of its encoded bytes
 * @param shard digest of the shard whose soft labels hold its label; it may be the shard that it is in itself
 */
public record Link(String image, String shard) {}
