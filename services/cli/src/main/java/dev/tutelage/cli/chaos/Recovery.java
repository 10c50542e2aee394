package dev.tutelage.cli.chaos;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.ProcessStatus;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How long it takes from the end of a fault until work goes on: until every process that it was done to is ready, and the
 * service has ended a run since, or has none to do. After a fault of broker, store or log a run of any service counts.
 */
public final class Recovery {
    private static final Set<String> INFRASTRUCTURE = Set.of("kafka", "s3", Fault.ALL);

    private final Machine machine;
    private final Progress progress;
    private final FaultKind kind;
    private final String target;
    /** Of each process when the fault began: one that is killed is ready again only under another. */
    private final Map<String, Long> pids;

    private long ended = System.nanoTime();
    private OptionalDouble seconds = OptionalDouble.empty();

    /** Begins before the fault. */
    public Recovery(Machine machine, Progress progress, FaultKind kind, String target) {
        this.machine = machine;
        this.progress = progress;
        this.kind = kind;
        this.target = target;
        this.pids = machine.statuses().stream().collect(Collectors.toMap(ProcessStatus::name, ProcessStatus::pid));
    }

    /** The fault has ended. */
    public synchronized void faultEnded() {
        ended = System.nanoTime();
    }

    /** Whether work has gone on since the end of the fault; to be asked often, as the answer is timed. */
    public synchronized boolean isOver() {
        if (seconds.isEmpty() && areReady() && progress.hasGoneOn(service(), ended)) {
            seconds = OptionalDouble.of((System.nanoTime() - ended) / 1e9);
        }
        return seconds.isPresent();
    }

    /** Seconds that it took; empty as long as it is not over. */
    public synchronized OptionalDouble seconds() {
        return seconds;
    }

    FaultKind kind() {
        return kind;
    }

    private boolean areReady() {
        boolean renewed =
                switch (kind) {
                    case KILL, TERMINATE, RESTART_ALL -> true;
                    default -> false;
                };
        return machine.statuses().stream()
                .filter(status -> target.equals(Fault.ALL) || status.name().equals(target))
                .allMatch(status -> status.state() == ProcessStatus.State.READY
                        && (!renewed || status.pid() != pids.get(status.name())));
    }

    private Optional<String> service() {
        return INFRASTRUCTURE.contains(target) ? Optional.empty() : Optional.of(target.replaceFirst("-\\d+$", ""));
    }
}
