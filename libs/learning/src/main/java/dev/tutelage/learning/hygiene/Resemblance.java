package dev.tutelage.learning.hygiene;

/**
 * An image that looks like an earlier one, by their perceptual hashes.
 *
 * @param image SHA-256 of its encoded bytes
 * @param resembled that of the earlier one
 * @param distance bits in which their hashes differ, 0..64
 */
public record Resemblance(String image, String resembled, int distance) {}
