package dev.tutelage.gateway.fold;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** The gateway is not ready before it knows what was said. */
@Readiness
@ApplicationScoped
public class CaughtUp implements HealthCheck {
    private final Facts facts;

    public CaughtUp(Facts facts) {
        this.facts = facts;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("facts").status(facts.isCaughtUp()).build();
    }
}
