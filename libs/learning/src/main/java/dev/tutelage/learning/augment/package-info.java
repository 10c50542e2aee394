/** Random views of images, drawn from seeds and rendered in batches: the same seed always gives the same view. */
package dev.tutelage.learning.augment;
