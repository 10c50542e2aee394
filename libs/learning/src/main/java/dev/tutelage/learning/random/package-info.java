/** Random choices that can be made again: seeds derived from coordinates instead of generators with state. */
package dev.tutelage.learning.random;
