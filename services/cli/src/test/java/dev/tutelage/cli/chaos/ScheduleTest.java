package dev.tutelage.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final List<String> SERVICES = List.of("pretrainer", "labeler", "labeler-2");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

    @Test
    void theSeedDecidesEverything() {
        List<FaultKind> reversed = new ArrayList<>(ALL);
        Collections.reverse(reversed);
        Schedule schedule = Schedule.of(7, HOUR, ALL, SERVICES);
        assertThat(Schedule.of(7, HOUR, new LinkedHashSet<>(reversed), SERVICES))
                .as("whatever the order of the kinds")
                .isEqualTo(schedule);
        assertThat(Schedule.of(8, HOUR, ALL, SERVICES)).isNotEqualTo(schedule);
    }

    @Test
    void inAnHourEveryKindIsDoneOnEveryProcess() {
        List<Fault> faults = Schedule.of(1, HOUR, ALL, SERVICES).faults();
        assertThat(faults).extracting(Fault::kind).containsAll(ALL);
        assertThat(faults)
                .extracting(Fault::target)
                .contains("pretrainer", "labeler", "labeler-2", "kafka", "s3", Fault.ALL);
        assertThat(faults).hasSizeBetween(200, 400);
        assertThat(faults).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
    }

    @Test
    void faultsAreOverInTimeAndDoNotMeetOnOneTarget() {
        for (int seed = 0; seed < 100; seed++) {
            List<Fault> faults =
                    Schedule.of(seed, Duration.ofMinutes(10), ALL, SERVICES).faults();
            Set<String> targets = new HashSet<>();
            faults.forEach(fault -> targets.add(fault.target()));
            assertThat(faults).allMatch(fault -> fault.end().compareTo(Duration.ofMinutes(10)) <= 0);
            for (String target : targets) {
                List<Fault> ofOne = faults.stream()
                        .filter(fault -> fault.target().equals(target))
                        .toList();
                for (int i = 1; i < ofOne.size(); i++) {
                    assertThat(ofOne.get(i).at())
                            .isGreaterThanOrEqualTo(ofOne.get(i - 1).end());
                }
            }
        }
    }

    @Test
    void otherKindsAreNotDone() {
        Set<FaultKind> some = EnumSet.of(FaultKind.CUT, FaultKind.FREEZE);
        assertThat(Schedule.of(1, HOUR, some, SERVICES).faults())
                .isNotEmpty()
                .extracting(Fault::kind)
                .isSubsetOf(some);
    }

    @Test
    void aFreezeOutlastsTheSession() {
        assertThat(Schedule.of(1, HOUR, Set.of(FaultKind.FREEZE), SERVICES).faults())
                .allMatch(fault -> fault.length().compareTo(Duration.ofSeconds(10)) > 0);
    }
}
