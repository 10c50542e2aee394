package dev.tutelage.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.remote.GatewayException;
import dev.tutelage.control.why.RunTale;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A run as a gateway tells of it. */
public record RemoteRun(JsonNode view) {

    /** The run whose id begins like that. */
    public static RemoteRun find(GatewayClient gateway, String beginning)
            throws GatewayException, InterruptedException {
        return new RemoteRun(gateway.get("/api/runs/" + GatewayClient.escaped(beginning)));
    }

    /** Asks for something to be done with it. */
    JsonNode ask(GatewayClient gateway, String what, Map<String, Optional<String>> body)
            throws GatewayException, InterruptedException {
        return gateway.post("/api/runs/" + GatewayClient.escaped(id()) + "/" + what, body);
    }

    String id() {
        return text("run_id");
    }

    String task() {
        return text("task");
    }

    String stateName() {
        return text("state");
    }

    private String text(String field) {
        return view.path(field).asText();
    }

    /** Why it was asked for, and what became of it. */
    public RunTale tale() {
        return new RunTale(
                id(),
                task(),
                text("stage"),
                view.path("number").asLong(),
                Instant.parse(text("asked")),
                text("reason"),
                each("evidence").map(RemoteRun::ground).toList(),
                time(view, "state_since").map(this::state),
                each("superseded").map(JsonNode::asText).toList(),
                each("cancellations").map(RemoteRun::wish).toList());
    }

    private Stream<JsonNode> each(String field) {
        return StreamSupport.stream(view.path(field).spliterator(), false);
    }

    private RunTale.State state(Instant since) {
        return new RunTale.State(stateName(), since, view.path("attempt").asInt(), text("worker"), text("message"));
    }

    private static RunTale.Ground ground(JsonNode fact) {
        return new RunTale.Ground(
                fact.path("what").asText(),
                fact.path("topic").asText(),
                fact.path("key").asText(),
                time(fact, "time"));
    }

    private static RunTale.Wish wish(JsonNode cancellation) {
        return new RunTale.Wish(
                cancellation.path("by").asText(),
                Instant.parse(cancellation.path("time").asText()),
                cancellation.path("reason").asText());
    }

    private static Optional<Instant> time(JsonNode node, String field) {
        return node.hasNonNull(field)
                ? Optional.of(Instant.parse(node.path(field).asText()))
                : Optional.empty();
    }
}
