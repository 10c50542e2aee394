package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.Audited;
import dev.tutelage.gateway.history.Said;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Who was about to change what. */
@Schema(name = "Audited", description = "Somebody was about to change something; it may have been refused all the same")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record AuditView(
        Instant time,

        @Schema(description = "The answer had it as X-Request-Id")
        String request,

        @Schema(description = "Name of the key, or subject of the token")
        String by,

        @Schema(enumeration = {"viewer", "annotator", "operator", "admin"})
        String role,

        @Schema(
                description = "How it was known who they are",
                enumeration = {"key", "session", "token", "open"})
        String means,

        String method,
        String path,

        @Schema(description = "The task in the path; absent if there is none")
        Optional<String> task,

        @Schema(description = "Network address that the request came from")
        String client,

        Optional<String> idempotencyKey) {

    public static AuditView of(Said<Audited> said) {
        Audited fact = said.fact();
        return new AuditView(
                said.time(),
                fact.getRequest(),
                fact.getBy(),
                fact.getRole(),
                fact.getMeans(),
                fact.getMethod(),
                fact.getPath(),
                Text.some(fact.getTask()),
                fact.getClient(),
                Text.some(fact.getIdempotencyKey()));
    }
}
