/** Imputing labels: a teacher's logits for seeded views of images, kept for the students. */
package dev.tutelage.learning.label;
