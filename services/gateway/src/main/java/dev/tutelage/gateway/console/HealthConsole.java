package dev.tutelage.gateway.console;

import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.predict.PredictMetrics;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The page about the system's health. */
@Path("/health")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class HealthConsole {
    private final Facts facts;
    private final Frames frames;
    private final HealthBook book;
    private final PredictMetrics answers;
    private final ConsoleSettings settings;

    public HealthConsole(
            Facts facts, Frames frames, HealthBook book, PredictMetrics answers, ConsoleSettings settings) {
        this.facts = facts;
        this.frames = frames;
        this.book = book;
        this.answers = answers;
        this.settings = settings;
    }

    /** Services and dead letters. */
    @GET
    @Operation(hidden = true)
    public TemplateInstance health() {
        return Pages.health(healthNow());
    }

    /** The part of {@link #health} that changes. */
    @GET
    @Path("live")
    @Operation(hidden = true)
    public TemplateInstance healthLive() {
        return Pages.health$live(healthNow());
    }

    private Health healthNow() {
        return facts.read(ledger -> new Health(
                frames.plain(ledger, "Health", "health"),
                facts.isCaughtUp(),
                book.services(),
                answers.latencies().entrySet().stream()
                        .map(each -> answered(each.getKey(), each.getValue()))
                        .toList(),
                book.open(settings.pageSize()),
                Say.count(book.dealt())));
    }

    private static Health.Answered answered(String task, PredictMetrics.Latency latency) {
        return new Health.Answered(
                task,
                Frame.path(task) + "/try",
                Say.count(latency.requests()),
                Say.millis(latency.median()),
                Say.millis(latency.p99()));
    }
}
