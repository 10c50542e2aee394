package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.gateway.fold.Fold;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.PlacedFact;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The runs of each task, and when they came to their states. */
@ApplicationScoped
public class RunBook implements Fold {
    private static final int REMEMBERED = 50;

    private final Map<String, Map<String, Entry>> tasks = new HashMap<>();
    private final Map<String, Instant> requested = new HashMap<>();

    /**
     * A run.
     *
     * @param asked when it was first heard of
     * @param history its latest states, the oldest first
     */
    record Entry(Said<RunChanged> state, Instant asked, List<Said<RunChanged>> history) {
        String id() {
            return state.fact().getRunId();
        }

        private Entry and(Said<RunChanged> said) {
            List<Said<RunChanged>> longer = new ArrayList<>(history);
            longer.add(said);
            return new Entry(
                    TaskLedger.isSuperseded(state.fact(), said.fact()) ? said : state,
                    asked.isBefore(said.time()) ? asked : said.time(),
                    longer.subList(Math.max(0, longer.size() - REMEMBERED), longer.size()));
        }

        private Entry askedBy(Instant time) {
            return asked.isAfter(time) ? new Entry(state, time, history) : this;
        }
    }

    @Override
    public void add(PlacedFact placed) {
        Instant time = placed.fact().time();
        if (placed.fact().payload() instanceof RunChanged changed) {
            Said<RunChanged> said = new Said<>(changed, time);
            Map<String, Entry> runs = tasks.computeIfAbsent(changed.getTask(), none -> new LinkedHashMap<>());
            runs.merge(changed.getRunId(), first(said), (known, same) -> known.and(said));
        } else if (placed.fact().payload() instanceof RunRequested request) {
            // The topic of requests is not compacted as that of runs is: it knows when a run was asked for.
            requested.putIfAbsent(request.getRunId(), time);
            Optional.ofNullable(tasks.get(request.getTask()))
                    .ifPresent(runs -> runs.computeIfPresent(request.getRunId(), (id, known) -> known.askedBy(time)));
        }
    }

    private Entry first(Said<RunChanged> said) {
        Instant asked = Optional.ofNullable(requested.get(said.fact().getRunId()))
                .filter(said.time()::isAfter)
                .orElse(said.time());
        return new Entry(said, asked, List.of(said));
    }

    /** The runs of a task, in the order in which they were first heard of. */
    Collection<Entry> runs(String task) {
        return Collections.unmodifiableCollection(
                tasks.getOrDefault(task, Map.of()).values());
    }

    /** A run of a task. */
    Optional<Entry> run(String task, String id) {
        return Optional.ofNullable(tasks.getOrDefault(task, Map.of()).get(id));
    }
}
