package dev.tutelage.platform.log;

import dev.tutelage.event.Fact;

/** A fact and where on Kafka it is said. */
public record PlacedFact(Fact fact, Place place) {}
