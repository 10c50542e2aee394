/**
 * The stages of the method: contrastive pretraining, fine-tuning, the supervised baseline and distillation, all on one
 * training loop that reports progress, writes snapshots and goes on from them as if nothing had happened.
 *
 * <p>DJL has one gradient collector in a JVM, so only one training may run at a time.
 */
package dev.tutelage.learning.train;
