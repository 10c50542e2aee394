/** Faults on purpose: what is done to a machine, when, and what became of it. */
package dev.tutelage.cli.chaos;
