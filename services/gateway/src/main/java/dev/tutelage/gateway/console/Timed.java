package dev.tutelage.gateway.console;

import java.time.Instant;

/** A fact, and when it was said. */
record Timed<F>(F fact, Instant time) {}
