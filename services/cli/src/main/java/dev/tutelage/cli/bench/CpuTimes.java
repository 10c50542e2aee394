package dev.tutelage.cli.bench;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.ProcessStatus;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** CPU time of a machine's processes, of all cores together, over the spans between {@link #begin} and {@link #end}. */
final class CpuTimes {
    private final Machine machine;
    private final Map<String, Duration> atBegin = new TreeMap<>();
    private final Map<String, Duration> spent = new TreeMap<>();

    CpuTimes(Machine machine) {
        this.machine = machine;
    }

    void begin() {
        for (ProcessStatus process : machine.statuses()) {
            atBegin.put(process.name(), used(process));
        }
    }

    void end() {
        for (ProcessStatus process : machine.statuses()) {
            Duration since = used(process).minus(atBegin.get(process.name()));
            spent.merge(process.name(), since, Duration::plus);
        }
    }

    /** Seconds of each process, times a factor. */
    Map<String, Double> secondsPer(double factor) {
        Map<String, Double> seconds = new TreeMap<>();
        spent.forEach((name, duration) -> seconds.put(name, duration.toMillis() / 1e3 * factor));
        return seconds;
    }

    /** Zero where the system does not tell. */
    private static Duration used(ProcessStatus process) {
        return ProcessHandle.of(process.pid())
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }
}
