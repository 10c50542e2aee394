package dev.tutelage.control.why;

import dev.tutelage.control.run.RefusedException;
import dev.tutelage.control.why.RunFacts.Said;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.platform.run.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells why a run was asked for, and what became of it. */
public final class RunStory {

    private RunStory() {}

    /**
     * A sentence, then the facts that led to the run and its state, a line each.
     *
     * @param run its id, or how it begins
     * @throws RefusedException if there is no such run
     */
    public static List<String> tell(Map<String, Object> kafka, String run) throws RefusedException {
        RunFacts facts = RunFacts.read(kafka);
        Said<RunRequested> asked = facts.find(run);
        List<String> lines = new ArrayList<>();
        lines.add(sentence(asked));
        List<Evidence> evidence = asked.fact().getEvidenceList();
        Map<Evidence, Instant> times = facts.times(evidence, asked.time());
        evidence.forEach(each -> lines.add(line(each, times)));
        lines.add(state(facts, asked.fact()));
        facts.superseded(asked.fact().getRunId())
                .forEach(old -> lines.add("  it took the place of run " + old + ", which was cancelled"));
        facts.cancellationsOf(asked.fact().getRunId()).forEach(each -> lines.add(cancelled(each)));
        return lines;
    }

    private static String sentence(Said<RunRequested> asked) {
        RunRequested request = asked.fact();
        String number = request.getNumber() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", number %,d of its %s runs,",
                        request.getNumber(),
                        RunId.nameOf(request.getStage()));
        return "Run " + request.getRunId() + " of task " + request.getTask() + number + " was asked for at "
                + asked.time() + " because " + request.getReason() + ".";
    }

    private static String line(Evidence evidence, Map<Evidence, Instant> times) {
        String where = evidence.getTopic().isEmpty()
                ? ""
                : " (" + evidence.getTopic() + ", key " + evidence.getKey()
                        + (times.containsKey(evidence) ? ", " + times.get(evidence) : "") + ")";
        return "  fact: " + evidence.getWhat() + where;
    }

    private static String state(RunFacts facts, RunRequested request) {
        return facts.state(request.getRunId()).map(RunStory::state).orElse("  state: requested");
    }

    private static String state(Said<RunChanged> state) {
        RunChanged changed = state.fact();
        String name = RunId.nameOf(changed.getState());
        String attempt = changed.getAttempt() == 0 ? "" : ", attempt " + changed.getAttempt();
        String worker = changed.getWorker().isEmpty() ? "" : " of " + changed.getWorker();
        String message = changed.getMessage().isEmpty() ? "" : ": " + changed.getMessage();
        return "  state: " + name + " since " + state.time() + attempt + worker + message;
    }

    private static String cancelled(Said<CancellationRequested> each) {
        return "  " + each.fact().getBy() + " wanted it to end at " + each.time()
                + (each.fact().getReason().isEmpty() ? "" : ": " + each.fact().getReason());
    }
}
