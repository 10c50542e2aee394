package dev.tutelage.platform.policy;

import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.Overlap;
import dev.tutelage.event.v1.Retraining;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.StagePolicy;
import dev.tutelage.event.v1.TaskDeclared;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When a stage is asked for, beyond there being what it needs at all.
 *
 * @param when what makes it due again
 * @param quiet for how long nothing may have come of what it learns from
 * @param minInterval between two requests
 * @param runsPerDay requests within any 24 hours at most; 0: any number
 * @param maxRunning runs that are not at their end, at most; 0: any number
 * @param overlap what becomes of a request while another run of the stage is not at its end
 */
public record RetrainPolicy(
        Condition when, Duration quiet, Duration minInterval, int runsPerDay, int maxRunning, Overlap overlap) {
    private static final Duration DAY = Duration.ofDays(1);

    /** What a task's declaration says of a stage, and the defaults for what it does not say. */
    public static RetrainPolicy of(TaskDeclared task, Stage stage) {
        Retraining declared = task.getPolicies().getRetrain();
        return switch (stage) {
            case STAGE_PRETRAIN -> of(declared.getPretrain(), new Condition.Never());
            case STAGE_FINE_TUNE -> of(declared.getFineTune(), new Condition.NewParent());
            case STAGE_DISTILL -> of(declared.getDistill(), new Condition.NewParent());
            case STAGE_SUPERVISED, STAGE_LABEL, STAGE_SELF_DISTILL, STAGE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("No policy is about stage " + stage);
        };
    }

    private static RetrainPolicy of(StagePolicy declared, Condition standard) {
        return new RetrainPolicy(
                declared.hasWhen() ? Condition.of(declared.getWhen()) : standard,
                Duration.ofMillis(declared.getQuietMillis()),
                Duration.ofMillis(declared.getMinIntervalMillis()),
                declared.getRunsPerDay(),
                declared.getMaxRunning(),
                declared.getOverlap() == Overlap.OVERLAP_UNSPECIFIED ? Overlap.OVERLAP_COEXIST : declared.getOverlap());
    }

    /** Whether the stage may become due though nothing new is said. */
    public boolean watchesTheClock() {
        return when.watchesTheClock() || !quiet.isZero() || !minInterval.isZero() || runsPerDay > 0;
    }

    /** Whether each checkpoint to start from is asked for, and not only the newest. */
    public boolean asksForEachParent() {
        return overlap == Overlap.OVERLAP_COEXIST && when.awaitsParents();
    }

    /**
     * Whether the stage is to be asked for now.
     *
     * @param first why it is due where it was never asked for
     */
    public Optional<Grounds> due(Standing standing, Firing first) {
        Optional<Firing> firing = standing.asked().isEmpty() ? Optional.of(first) : again(standing);
        return firing.filter(any -> isAllowed(standing)).map(found -> grounds(standing, found));
    }

    private Optional<Firing> again(Standing standing) {
        if (standing.isRedeclared()) {
            return Optional.of(new Firing(
                    "the task was declared with another recipe or selection than " + standing.lastName() + " had",
                    List.<Evidence>of()));
        }
        return standing.isAnythingNew() ? when.firing(standing) : Optional.empty();
    }

    private boolean isAllowed(Standing standing) {
        return isQuiet(standing)
                && isLongAfterTheLast(standing)
                && isWithinTheDay(standing)
                && (overlap == Overlap.OVERLAP_CANCEL || hasRoom(standing));
    }

    private boolean isQuiet(Standing standing) {
        return quiet.isZero() || !standing.now().isBefore(standing.newest().plus(quiet));
    }

    private boolean isLongAfterTheLast(Standing standing) {
        return minInterval.isZero()
                || standing.asked().isEmpty()
                || !standing.now().isBefore(standing.lastTime().plus(minInterval));
    }

    private boolean isWithinTheDay(Standing standing) {
        return runsPerDay == 0
                || standing.asked().stream()
                                .filter(request -> standing.timeOf(request)
                                        .isAfter(standing.now().minus(DAY)))
                                .count()
                        < runsPerDay;
    }

    private boolean hasRoom(Standing standing) {
        int running = standing.open().size();
        return (overlap != Overlap.OVERLAP_QUEUE || running == 0) && (maxRunning == 0 || running < maxRunning);
    }

    /** With {@code cancel} it takes the place of all that are under way; what was cancelled already needs no word. */
    private Grounds grounds(Standing standing, Firing firing) {
        List<RunRequested> superseded = overlap == Overlap.OVERLAP_CANCEL
                ? standing.open().stream()
                        .filter(request -> !standing.isCancelled(request))
                        .toList()
                : List.of();
        return new Grounds(firing.reason(), standing.work().extent(), firing.evidence(), superseded);
    }
}
