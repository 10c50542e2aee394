package dev.tutelage.gateway.console;

/**
 * A model card, as it is stored.
 *
 * @param problem why it is not there; empty if it is
 */
public record ModelCard(String text, String problem) {}
