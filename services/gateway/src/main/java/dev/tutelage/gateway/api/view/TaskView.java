package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.gateway.history.RunEntry;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.history.TaskHistory;
import dev.tutelage.platform.ledger.TaskLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A task: what it is, who holds its roles, how much there is, and what is open. */
@Schema(name = "Task", description = "What a task is, who holds its roles, how much there is, and what is open")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record TaskView(
        @Schema(examples = "birds") String task,

        @Schema(description = "When it was declared as it is now")
        Optional<Instant> declared,

        @Schema(description = "Whether its triggers ask for nothing")
        boolean paused,

        DeclarationView declaration,
        @Schema(description = "By role: teacher, student") Map<String, Holder> roles,
        Counts counts,
        Open open) {

    private static final int NAMED = 20;

    /** Who holds a role. */
    @Schema(name = "Holder", description = "The checkpoint that holds a role")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Holder(
            String checkpoint,
            Optional<Instant> since,

            @Schema(description = "Held-out accuracy in percent")
            Optional<Double> top1) {}

    /** How much there is. */
    @Schema(name = "Counts", description = "How much there is")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Counts(
            int shards,

            @Schema(description = "Images without labels that may be learned from")
            long unlabeledImages,

            @Schema(description = "Images with labels that may be learned from")
            long labels,

            @Schema(description = "Images for evaluation only")
            long heldOutImages,

            @Schema(description = "By state") Map<String, Integer> runs,
            int checkpoints,

            @Schema(description = "Images that the teacher of the day has labeled")
            long softLabels,

            int drifts) {}

    /** What is not at its end. */
    @Schema(name = "Open", description = "What is not at its end")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Open(
            @Schema(description = "Runs that are not at their end")
            int runs,

            @Schema(description = "The newest of them") List<RunSummary> newestRuns,

            @Schema(description = "Checkpoints that wait for a person to promote or to reject them")
            List<Approval> approvals,

            @Schema(description = "Dead letters that were not replayed")
            int deadLetters) {}

    /** A checkpoint that waits for a person. */
    @Schema(name = "Approval", description = "A checkpoint that waits for a person to promote it")
    public record Approval(
            @Schema(enumeration = {"teacher", "student"}) String role, String checkpoint) {}

    public static TaskView of(TaskLedger ledger, TaskHistory history, int deadLetters) {
        Map<String, Holder> roles = new TreeMap<>();
        for (Role role : List.of(Role.ROLE_TEACHER, Role.ROLE_STUDENT)) {
            ledger.holder(role).ifPresent(promoted -> roles.put(MessageJson.name(role), holder(promoted, ledger)));
        }
        return new TaskView(
                ledger.name(),
                history.declared().map(Said::time),
                ledger.isPaused(),
                DeclarationView.of(ledger.declaration()),
                roles,
                counts(ledger, history),
                unfinished(ledger, history, deadLetters));
    }

    private static Holder holder(Promoted promoted, TaskLedger ledger) {
        return new Holder(
                promoted.getCheckpoint(),
                ledger.holderSince(promoted.getRole()),
                ledger.checkpoint(promoted.getCheckpoint())
                        .filter(checkpoint -> checkpoint.containsMetrics("top1"))
                        .map(checkpoint -> checkpoint.getMetricsOrThrow("top1")));
    }

    private static Counts counts(TaskLedger ledger, TaskHistory history) {
        Map<String, Integer> runs = new TreeMap<>();
        history.runs().oldestFirst().forEach(run -> runs.merge(MessageJson.name(run.state()), 1, Integer::sum));
        return new Counts(
                history.shards().size(),
                ledger.arrivals().unlabeledImages(),
                ledger.arrivals().labels(),
                ledger.heldOut().stream().mapToLong(shard -> shard.getImages()).sum(),
                runs,
                history.checkpoints().size(),
                ledger.holder(Role.ROLE_TEACHER)
                        .flatMap(teacher -> history.labeledBy(teacher.getCheckpoint()))
                        .map(TaskHistory.Tally::images)
                        .orElse(0L),
                history.drifts().size());
    }

    private static Open unfinished(TaskLedger ledger, TaskHistory history, int deadLetters) {
        int open = 0;
        List<RunSummary> newest = new ArrayList<>();
        for (RunEntry run : history.runs().newestFirst(Optional.empty()).values()) {
            if (run.isOpen()) {
                open++;
                if (newest.size() < NAMED) {
                    newest.add(RunSummary.of(run));
                }
            }
        }
        List<Approval> approvals = new ArrayList<>();
        for (Said<CandidateJudged> said : history.judgements().oldestFirst()) {
            CandidateJudged judged = said.fact();
            if (judged.getBy().isEmpty() && ledger.isAwaitingApproval(judged.getRole(), judged.getCheckpoint())) {
                approvals.add(new Approval(MessageJson.name(judged.getRole()), judged.getCheckpoint()));
            }
        }
        return new Open(open, List.copyOf(newest), List.copyOf(approvals), deadLetters);
    }
}
