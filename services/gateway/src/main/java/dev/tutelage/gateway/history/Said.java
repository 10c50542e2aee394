package dev.tutelage.gateway.history;

import java.time.Instant;

/** A fact, and when it was said. */
public record Said<F>(F fact, Instant time) {}
