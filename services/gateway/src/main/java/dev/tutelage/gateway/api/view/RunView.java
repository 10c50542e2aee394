package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.gateway.history.RunEntry;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.history.TaskHistory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A run: what was asked for and why, and what has become of it. */
@Schema(name = "Run", description = "What was asked for and why, and what has become of it")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record RunView(
        String runId,
        String task,
        @Schema(examples = "fine-tune") String stage,

        @Schema(enumeration = {"requested", "started", "resumed", "succeeded", "failed", "cancelled"})
        String state,

        @Schema(description = "Since when it is in its state")
        Optional<Instant> stateSince,

        @Schema(description = "What happened and what to do")
        Optional<String> message,

        @Schema(description = "The worker that has or had it")
        Optional<String> worker,

        @Schema(description = "How often a worker took the newest request")
        int attempt,

        @Schema(description = "How often it was asked for again")
        int retry,

        @Schema(description = "When it was asked for") Instant asked,

        @Schema(description = "Number among the runs of its task and stage, from 1; absent for labeling")
        Optional<Long> number,

        @Schema(description = "Why it is due") Optional<String> reason,
        @Schema(description = "The facts that led to it") List<EvidenceView> evidence,

        @Schema(description = "Digest of the checkpoint it starts from or whose labels it makes or learns from")
        Optional<String> parent,

        @Schema(description = "Digest of the checkpoint whose weights it starts with")
        Optional<String> start,

        @Schema(description = "The dataset; of labeling the shard")
        Optional<ArtifactView> dataset,

        @Schema(type = SchemaType.OBJECT, description = "How much of the task's data there was, where it trains")
        Optional<JsonNode> extent,

        @Schema(type = SchemaType.OBJECT, description = "The stage's recipe")
        Optional<JsonNode> recipe,

        @Schema(description = "Runs whose place it took") List<String> superseded,
        @Schema(description = "What was said to end it") List<CancellationView> cancellations,

        @Schema(description = "Absent if nothing was said of it in the last days")
        Optional<ProgressView> progress) {

    public static RunView of(String task, RunEntry run, TaskHistory history) {
        Optional<Said<RunRequested>> asked = run.asked();
        Optional<RunRequested> request = asked.map(Said::fact);
        Optional<RunChanged> changed = run.changed().map(Said::fact);
        return new RunView(
                run.id(),
                task,
                MessageJson.name(run.stage()),
                MessageJson.name(run.state()),
                run.changed().map(Said::time),
                changed.flatMap(each -> Text.some(each.getMessage())),
                changed.flatMap(each -> Text.some(each.getWorker())),
                changed.map(RunChanged::getAttempt).orElse(0),
                run.retry(),
                asked.map(Said::time).orElseGet(run::since),
                request.map(RunRequested::getNumber).filter(number -> number > 0),
                request.flatMap(each -> Text.some(each.getReason())),
                asked.map(each -> evidence(each, history)).orElse(List.of()),
                request.map(RunRequested::getParent)
                        .or(() -> changed.map(RunChanged::getParent))
                        .flatMap(Text::some),
                request.flatMap(each -> Text.some(each.getStart())),
                request.filter(RunRequested::hasDataset).map(each -> ArtifactView.of(each.getDataset())),
                request.filter(RunRequested::hasExtent).map(each -> MessageJson.of(each.getExtent())),
                request.map(each -> MessageJson.recipe(each.getRecipe())),
                history.superseded(run.id()),
                history.cancellations(run.id()).stream()
                        .map(CancellationView::of)
                        .toList(),
                history.progress(run.id()).map(ProgressView::of));
    }

    private static List<EvidenceView> evidence(Said<RunRequested> asked, TaskHistory history) {
        EvidenceTimes times = new EvidenceTimes(history, asked.time());
        return asked.fact().getEvidenceList().stream()
                .map(each -> EvidenceView.of(each, times.of(each)))
                .toList();
    }
}
