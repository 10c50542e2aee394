package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.platform.ledger.TaskLedger;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A task in a list. */
@Schema(name = "TaskSummary", description = "A task in a list")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record TaskSummary(
        @Schema(examples = "birds") String task,

        @Schema(description = "Whether its triggers ask for nothing")
        boolean paused,

        @Schema(description = "Number of classes") int classes,

        @Schema(description = "Digest of the checkpoint that labels")
        Optional<String> teacher,

        @Schema(description = "Digest of the checkpoint that predicts")
        Optional<String> student) {

    public static TaskSummary of(TaskLedger task) {
        return new TaskSummary(
                task.name(),
                task.isPaused(),
                task.declaration().getClassesCount(),
                task.holder(Role.ROLE_TEACHER).map(Promoted::getCheckpoint),
                task.holder(Role.ROLE_STUDENT).map(Promoted::getCheckpoint));
    }
}
