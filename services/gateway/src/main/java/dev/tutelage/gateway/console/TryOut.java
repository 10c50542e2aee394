package dev.tutelage.gateway.console;

/**
 * A page on which people ask the student.
 *
 * @param student that answers; its value is empty if there is none yet
 */
public record TryOut(Frame frame, String base, RunView.Line student) {}
