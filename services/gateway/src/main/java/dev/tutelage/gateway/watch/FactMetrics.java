package dev.tutelage.gateway.watch;

import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.gateway.fold.Fold;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.PlacedFact;
import dev.tutelage.platform.metric.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the facts say to those who watch: how runs are, what could not be processed, drift, and rejections by the gate. Times
 * rather than counts of what may happen again, so that a gateway that reads all facts anew raises no alarm.
 */
@Singleton
public class FactMetrics implements Fold {
    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<String, RunChanged> runs = new HashMap<>();
    private final Map<Cell, AtomicLong> counts = new ConcurrentHashMap<>();
    private final Map<String, Heard> working = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> letters = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> lastLetters = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> drifts = new ConcurrentHashMap<>();
    private final Map<Competition, RejectionRow> rejections = new ConcurrentHashMap<>();

    private record Cell(Stage stage, String state) {}

    private record Heard(Stage stage, Instant time) {}

    private record Competition(String task, Role role) {}

    @Inject
    public FactMetrics(MeterRegistry registry) {
        this(registry, Clock.systemUTC());
    }

    FactMetrics(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        Arrays.stream(Stage.values())
                .filter(stage -> stage != Stage.STAGE_UNSPECIFIED && stage != Stage.UNRECOGNIZED)
                .forEach(this::watch);
    }

    private void watch(Stage stage) {
        String name = word(stage.name(), "STAGE_");
        for (String state : List.of("requested", "working", "succeeded", "failed", "cancelled")) {
            Metric.RUNS
                    .gauge(count(new Cell(stage, state)), AtomicLong::get)
                    .tags("stage", name, "state", state)
                    .register(registry);
        }
        Metric.RUN_SILENCE.gauge(() -> silence(stage)).tag("stage", name).register(registry);
    }

    @Override
    public void add(PlacedFact placed) {
        Instant time = placed.fact().time();
        Object fact = placed.fact().payload();
        if (fact instanceof RunChanged change) {
            add(change, time);
        } else if (fact instanceof RunProgressed progress) {
            working.computeIfPresent(progress.getRunId(), (id, heard) -> new Heard(heard.stage(), time));
        } else if (fact instanceof DeadLettered letter) {
            add(letter, time);
        } else if (fact instanceof DriftDetected drift) {
            latest(drifts, Metric.DRIFT_TIMESTAMP, "task", drift.getTask(), time);
        } else if (fact instanceof CandidateJudged judged
                && judged.getVerdict() == Verdict.VERDICT_REJECTED
                && judged.getBy().isEmpty()) {
            row(judged.getTask(), judged.getRole()).rejected(time);
        } else if (fact instanceof Promoted promoted) {
            row(promoted.getTask(), promoted.getRole()).given(time);
        }
    }

    private void add(RunChanged change, Instant time) {
        RunChanged known = runs.get(change.getRunId());
        if (known != null && !TaskLedger.isSuperseded(known, change)) {
            return;
        }
        if (known != null) {
            count(cell(known)).decrementAndGet();
        }
        runs.put(change.getRunId(), change);
        count(cell(change)).incrementAndGet();
        if (isWorking(change.getState())) {
            working.put(change.getRunId(), new Heard(change.getStage(), time));
        } else {
            working.remove(change.getRunId());
        }
    }

    private void add(DeadLettered letter, Instant time) {
        letters.computeIfAbsent(letter.getService(), service -> {
                    AtomicLong count = new AtomicLong();
                    Metric.DEAD_LETTERS
                            .gauge(count, AtomicLong::get)
                            .tag("service", service)
                            .register(registry);
                    return count;
                })
                .incrementAndGet();
        latest(lastLetters, Metric.DEAD_LETTER_TIMESTAMP, "service", letter.getService(), time);
    }

    private void latest(Map<String, AtomicLong> times, Metric metric, String tag, String value, Instant time) {
        times.computeIfAbsent(value, none -> {
                    AtomicLong last = new AtomicLong();
                    metric.gauge(last, AtomicLong::get).tag(tag, value).register(registry);
                    return last;
                })
                .accumulateAndGet(time.getEpochSecond(), Math::max);
    }

    private RejectionRow row(String task, Role role) {
        return rejections.computeIfAbsent(new Competition(task, role), competition -> {
            RejectionRow row = new RejectionRow();
            Metric.REJECTIONS
                    .gauge(row, RejectionRow::length)
                    .tags("task", task, "role", word(role.name(), "ROLE_"))
                    .register(registry);
            return row;
        });
    }

    private double silence(Stage stage) {
        Instant now = clock.instant();
        return working.values().stream()
                .filter(heard -> heard.stage() == stage)
                .mapToLong(heard -> now.getEpochSecond() - heard.time().getEpochSecond())
                .max()
                .orElse(0);
    }

    private AtomicLong count(Cell cell) {
        return counts.computeIfAbsent(cell, none -> new AtomicLong());
    }

    private static Cell cell(RunChanged change) {
        RunState state = change.getState();
        return new Cell(change.getStage(), isWorking(state) ? "working" : word(state.name(), "RUN_STATE_"));
    }

    private static boolean isWorking(RunState state) {
        return state == RunState.RUN_STATE_STARTED || state == RunState.RUN_STATE_RESUMED;
    }

    private static String word(String name, String prefix) {
        return name.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
