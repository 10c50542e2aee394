package dev.tutelage.cli.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Which faults are done when: a pure function of the seed, the length, the kinds and the processes. Faults overlap, but two
 * that last do not meet on one target.
 *
 * @param faults in the order of their beginnings; each has ended at the end of the schedule
 */
public record Schedule(List<Fault> faults) {
    private static final String BROKER = "kafka";
    private static final String STORE = "s3";
    private static final int SHORTEST_GAP_MILLIS = 4_000;
    private static final int LONGEST_GAP_MILLIS = 16_000;

    public Schedule {
        faults = List.copyOf(faults);
    }

    /**
     * Draws a schedule.
     *
     * @param kinds at least one; their order does not matter
     * @param services names of the services' processes, at least one
     */
    public static Schedule of(long seed, Duration length, Set<FaultKind> kinds, List<String> services) {
        Random random = new Random(seed);
        List<FaultKind> drawn = kinds.stream().sorted().toList();
        List<Fault> faults = new ArrayList<>();
        Map<String, Duration> busy = new HashMap<>();
        Duration at = gap(random);
        while (at.compareTo(length) < 0) {
            FaultKind kind = drawn.get(random.nextInt(drawn.size()));
            String target = target(kind, services, random);
            Fault fault = new Fault(kind, target, at, lasting(kind, random));
            boolean free = busy.getOrDefault(target, Duration.ZERO).compareTo(at) <= 0;
            if (free && fault.end().compareTo(length) <= 0) {
                faults.add(fault);
                busy.put(target, fault.end());
            }
            at = at.plus(gap(random));
        }
        return new Schedule(faults);
    }

    private static Duration gap(Random random) {
        return Duration.ofMillis(SHORTEST_GAP_MILLIS + random.nextInt(LONGEST_GAP_MILLIS - SHORTEST_GAP_MILLIS));
    }

    private static Duration lasting(FaultKind kind, Random random) {
        int spread = Math.toIntExact(kind.longest().minus(kind.shortest()).toMillis());
        return spread == 0 ? kind.shortest() : kind.shortest().plusMillis(random.nextInt(spread));
    }

    private static String target(FaultKind kind, List<String> services, Random random) {
        return switch (kind.target()) {
            case SERVICE -> services.get(random.nextInt(services.size()));
            case PROCESS -> {
                List<String> processes = new ArrayList<>(services);
                processes.add(BROKER);
                processes.add(STORE);
                yield processes.get(random.nextInt(processes.size()));
            }
            case STORE -> STORE;
            case LOG, ALL -> Fault.ALL;
        };
    }
}
