package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.gateway.history.Said;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** That somebody wants a run to end. */
@Schema(name = "Cancellation", description = "Somebody wants a run to end")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record CancellationView(
        Instant time,

        @Schema(description = "Who asked, or the run that takes its place")
        String by,

        Optional<String> reason,

        @Schema(description = "Which of the run's requests is meant")
        int retry) {

    static CancellationView of(Said<CancellationRequested> said) {
        CancellationRequested fact = said.fact();
        return new CancellationView(said.time(), fact.getBy(), Text.some(fact.getReason()), fact.getRetry());
    }
}
