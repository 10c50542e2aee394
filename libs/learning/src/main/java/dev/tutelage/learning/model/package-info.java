/**
 * Networks as facts: an architecture is a record that says which weights it has and how values flow through them; its
 * weights are named tensors. Running a network and exporting it read the same description.
 */
package dev.tutelage.learning.model;
