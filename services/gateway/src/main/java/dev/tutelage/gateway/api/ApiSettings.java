package dev.tutelage.gateway.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Settings of the REST API. */
@ConfigMapping(prefix = "tutelage.gateway.api")
public interface ApiSettings {

    /** How many Idempotency-Keys are remembered with their answers; the oldest are forgotten first. */
    @WithDefault("1000")
    @Min(1)
    @Max(1_000_000)
    int idempotencyKeys();

    /** How long a write waits for Kafka before it is answered with 503. */
    @WithDefault("8s")
    Duration kafkaPatience();

    /** How long the answer to a write waits for the gateway to have read what was written. */
    @WithDefault("3s")
    Duration readBack();
}
