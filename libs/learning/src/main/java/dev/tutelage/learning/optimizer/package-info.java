/** How weights follow gradients: LARS as in the paper, AdamW and SGD for small data, and the learning rate over time. */
package dev.tutelage.learning.optimizer;
