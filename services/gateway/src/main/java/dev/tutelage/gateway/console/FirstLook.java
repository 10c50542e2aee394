package dev.tutelage.gateway.console;

import dev.tutelage.gateway.fold.Facts;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway is not ready before it has made a page once: the first takes some tenths of a second more than others, which nobody
 * should wait for. A page that cannot be made keeps nobody from the others.
 */
@Readiness
@ApplicationScoped
public class FirstLook implements HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(FirstLook.class);

    private final Facts facts;
    private final Frames frames;
    private final OverviewPage overviews;
    private volatile boolean looked;

    public FirstLook(Facts facts, Frames frames, OverviewPage overviews) {
        this.facts = facts;
        this.frames = frames;
        this.overviews = overviews;
    }

    @Override
    public HealthCheckResponse call() {
        if (!looked && facts.isCaughtUp()) {
            look();
            looked = true;
        }
        return HealthCheckResponse.named("console").status(looked).build();
    }

    private void look() {
        try {
            Optional<Overview> overview = facts.read(ledger -> ledger.tasks().stream()
                    .findFirst()
                    .map(task -> overviews.of(task, frames.of(ledger, task.name(), task.name(), ""))));
            overview.map(Pages::overview).ifPresent(TemplateInstance::render);
        } catch (RuntimeException e) {
            LOG.warn("The console's first page could not be made", e);
        }
    }
}
