package dev.tutelage.control.why;

import dev.tutelage.control.run.RefusedException;
import dev.tutelage.control.why.RunFacts.Said;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.platform.run.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tells why a run was asked for, and what became of it. */
public final class RunStory {

    private RunStory() {}

    /**
     * What Kafka tells now.
     *
     * @param run its id, or how it begins
     * @throws RefusedException if there is no such run
     */
    public static RunTale read(Map<String, Object> kafka, String run) throws RefusedException {
        RunFacts facts = RunFacts.read(kafka);
        Said<RunRequested> asked = facts.find(run);
        RunRequested request = asked.fact();
        Map<Evidence, Instant> times = facts.times(request.getEvidenceList(), asked.time());
        return new RunTale(
                request.getRunId(),
                request.getTask(),
                RunId.nameOf(request.getStage()),
                request.getNumber(),
                asked.time(),
                request.getReason(),
                request.getEvidenceList().stream()
                        .map(each -> new RunTale.Ground(
                                each.getWhat(), each.getTopic(), each.getKey(), Optional.ofNullable(times.get(each))))
                        .toList(),
                facts.state(request.getRunId()).map(RunStory::state),
                facts.superseded(request.getRunId()),
                facts.cancellationsOf(request.getRunId()).stream()
                        .map(each -> new RunTale.Wish(
                                each.fact().getBy(), each.time(), each.fact().getReason()))
                        .toList());
    }

    private static RunTale.State state(Said<RunChanged> said) {
        RunChanged changed = said.fact();
        return new RunTale.State(
                RunId.nameOf(changed.getState()),
                said.time(),
                changed.getAttempt(),
                changed.getWorker(),
                changed.getMessage());
    }

    /** A sentence, then the facts that led to the run and its state, a line each. */
    public static List<String> lines(RunTale tale) {
        List<String> lines = new ArrayList<>();
        lines.add(sentence(tale));
        tale.grounds().forEach(ground -> lines.add(line(ground)));
        lines.add(tale.state().map(RunStory::line).orElse("  state: requested"));
        tale.superseded().forEach(old -> lines.add("  it took the place of run " + old + ", which was cancelled"));
        tale.wishes().forEach(wish -> lines.add(line(wish)));
        return lines;
    }

    private static String sentence(RunTale tale) {
        String number = tale.number() == 0
                ? ""
                : String.format(Locale.ROOT, ", number %,d of its %s runs,", tale.number(), tale.stage());
        return "Run " + tale.run() + " of task " + tale.task() + number + " was asked for at " + tale.asked()
                + " because " + tale.reason() + ".";
    }

    private static String line(RunTale.Ground ground) {
        String where = ground.topic().isEmpty()
                ? ""
                : " (" + ground.topic() + ", key " + ground.key()
                        + ground.time().map(time -> ", " + time).orElse("") + ")";
        return "  fact: " + ground.what() + where;
    }

    private static String line(RunTale.State state) {
        String attempt = state.attempt() == 0 ? "" : ", attempt " + state.attempt();
        String worker = state.worker().isEmpty() ? "" : " of " + state.worker();
        String message = state.message().isEmpty() ? "" : ": " + state.message();
        return "  state: " + state.name() + " since " + state.since() + attempt + worker + message;
    }

    private static String line(RunTale.Wish wish) {
        return "  " + wish.by() + " wanted it to end at " + wish.time()
                + (wish.reason().isEmpty() ? "" : ": " + wish.reason());
    }
}
