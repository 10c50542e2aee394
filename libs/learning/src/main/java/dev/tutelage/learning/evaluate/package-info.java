/** How good a network is: held-out accuracy, and nearest neighbours as a probe of features without any training. */
package dev.tutelage.learning.evaluate;
