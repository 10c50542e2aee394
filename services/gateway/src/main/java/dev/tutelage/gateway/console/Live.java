package dev.tutelage.gateway.console;

import dev.tutelage.gateway.fold.Facts;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestStreamElementType;

/**
 * What keeps open pages up to date: {@code changed} says that there is something new, and the page fetches its part that
 * changes; {@code points} brings new points of a run's curves.
 */
@Path("/")
@Produces(MediaType.SERVER_SENT_EVENTS)
public class Live {
    private final Facts facts;
    private final Pulse pulse;
    private final Curves curves;
    private final ConsoleSettings settings;

    public Live(Facts facts, Pulse pulse, Curves curves, ConsoleSettings settings) {
        this.facts = facts;
        this.pulse = pulse;
        this.curves = curves;
        this.settings = settings;
    }

    /** Says that something has changed. */
    @GET
    @Path("events")
    @RestStreamElementType(MediaType.TEXT_PLAIN)
    @Operation(hidden = true)
    public Multi<OutboundSseEvent> all(@Context Sse sse) {
        return changes(sse, pulse::ofAll);
    }

    /** Says that something about the task has changed. */
    @GET
    @Path("tasks/{task}/events")
    @RestStreamElementType(MediaType.TEXT_PLAIN)
    @Operation(hidden = true)
    public Multi<OutboundSseEvent> task(@PathParam("task") String task, @Context Sse sse) {
        return changes(sse, () -> pulse.ofTask(task));
    }

    private Multi<OutboundSseEvent> changes(Sse sse, LongSupplier counter) {
        return ticks().onItem()
                .transform(tick -> facts.read(ledger -> counter.getAsLong()))
                .skip()
                .repetitions()
                .onItem()
                .transform(count -> sse.newEvent("changed", Long.toString(count)));
    }

    /** The same for a run of a task, and the points of its curves. */
    @GET
    @Path("tasks/{task}/runs/{run}/events")
    @RestStreamElementType(MediaType.TEXT_PLAIN)
    @Operation(hidden = true)
    public Multi<OutboundSseEvent> run(@PathParam("task") String task, @PathParam("run") String run, @Context Sse sse) {
        return Multi.createFrom().deferred(() -> {
            Follower follower = new Follower(task, run);
            return ticks().onItem().transformToIterable(tick -> follower.news(sse));
        });
    }

    private Multi<Long> ticks() {
        return Multi.createFrom()
                .ticks()
                .every(settings.refreshEvery())
                .onOverflow()
                .drop();
    }

    /** What one open page knows of a run. It is asked by one thread at a time. */
    private final class Follower {
        private final String task;
        private final String run;
        private long facts = -1;
        private long point = -1;

        Follower(String task, String run) {
            this.task = task;
            this.run = run;
        }

        List<OutboundSseEvent> news(Sse sse) {
            return Live.this.facts.read(ledger -> {
                List<OutboundSseEvent> news = new ArrayList<>();
                long count = pulse.ofTask(task);
                if (count != facts) {
                    facts = count;
                    news.add(sse.newEvent("changed", Long.toString(count)));
                    List<Curve.Point> points = curves.points(run).stream()
                            .filter(each -> each.number() > point)
                            .toList();
                    if (!points.isEmpty()) {
                        point = points.get(points.size() - 1).number();
                        news.add(sse.newEvent("points", json(points)));
                    }
                }
                return news;
            });
        }
    }

    /** As {@code [[step, loss, learning rate], ...]}. */
    private static String json(List<Curve.Point> points) {
        return points.stream()
                .map(point -> "[" + point.step() + "," + point.loss() + ","
                        + (Double.isFinite(point.learningRate()) ? point.learningRate() : "null") + "]")
                .collect(Collectors.joining(",", "[", "]"));
    }
}
