/**
 * Cleanliness of a stream of images: exact duplicates by digest, near duplicates by perceptual hash, and copies of held-out
 * images.
 */
package dev.tutelage.learning.hygiene;
