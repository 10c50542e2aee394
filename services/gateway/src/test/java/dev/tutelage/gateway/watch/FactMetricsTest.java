package dev.tutelage.gateway.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
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
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.log.PlacedFact;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class FactMetricsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = START.plusSeconds(1000);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FactMetrics metrics = new FactMetrics(registry, Clock.fixed(NOW, ZoneOffset.UTC));

    private void say(int second, Message fact) {
        metrics.add(new PlacedFact(
                new Fact(fact, "/tutelage/test", START.plusSeconds(second)), new Place("tutelage.runs", 0, second)));
    }

    private static RunChanged run(String id, RunState state) {
        return RunChanged.newBuilder()
                .setRunId(id)
                .setTask("birds")
                .setStage(Stage.STAGE_SELF_DISTILL)
                .setState(state)
                .build();
    }

    private static CandidateJudged judged(Verdict verdict, String by) {
        return CandidateJudged.newBuilder()
                .setTask("birds")
                .setRole(Role.ROLE_TEACHER)
                .setVerdict(verdict)
                .setBy(by)
                .build();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private double runs(String state) {
        return gauge("tutelage.gateway.runs", "stage", "self-distill", "state", state);
    }

    @Test
    void aRunIsCountedInItsStateAlone() {
        say(1, run("a", RunState.RUN_STATE_REQUESTED));
        say(2, run("b", RunState.RUN_STATE_REQUESTED));
        assertThat(runs("requested")).isEqualTo(2);
        say(3, run("a", RunState.RUN_STATE_STARTED));
        say(3, run("a", RunState.RUN_STATE_STARTED));
        assertThat(runs("requested")).isEqualTo(1);
        assertThat(runs("working")).isEqualTo(1);
        say(4, run("a", RunState.RUN_STATE_SUCCEEDED));
        say(5, run("a", RunState.RUN_STATE_RESUMED));
        assertThat(runs("working")).isZero();
        assertThat(runs("succeeded")).isEqualTo(1);
    }

    @Test
    void theLongestSilenceIsThatOfARunAtWork() {
        assertThat(gauge("tutelage.gateway.run.silence", "stage", "self-distill"))
                .isZero();
        say(100, run("a", RunState.RUN_STATE_STARTED));
        say(400, run("b", RunState.RUN_STATE_STARTED));
        assertThat(gauge("tutelage.gateway.run.silence", "stage", "self-distill"))
                .isEqualTo(900);
        say(700, RunProgressed.newBuilder().setRunId("a").setTask("birds").build());
        assertThat(gauge("tutelage.gateway.run.silence", "stage", "self-distill"))
                .isEqualTo(600);
        say(800, run("b", RunState.RUN_STATE_FAILED));
        assertThat(gauge("tutelage.gateway.run.silence", "stage", "self-distill"))
                .isEqualTo(300);
        assertThat(gauge("tutelage.gateway.run.silence", "stage", "label")).isZero();
    }

    @Test
    void deadLettersAndDriftTellWhenTheyWereSaidLast() {
        say(20, DeadLettered.newBuilder().setService("labeler").build());
        say(10, DeadLettered.newBuilder().setService("labeler").build());
        assertThat(gauge("tutelage.gateway.dead.letters", "service", "labeler")).isEqualTo(2);
        assertThat(gauge("tutelage.gateway.dead.letter.timestamp", "service", "labeler"))
                .isEqualTo((double) (START.getEpochSecond() + 20));
        say(30, DriftDetected.newBuilder().setTask("birds").build());
        assertThat(gauge("tutelage.gateway.drift.timestamp", "task", "birds"))
                .isEqualTo((double) (START.getEpochSecond() + 30));
    }

    @Test
    void rejectionsAreCountedSinceTheRoleWasGivenWhateverIsReadFirst() {
        Promoted given = Promoted.newBuilder()
                .setTask("birds")
                .setRole(Role.ROLE_TEACHER)
                .build();
        say(1, judged(Verdict.VERDICT_REJECTED, ""));
        say(3, judged(Verdict.VERDICT_REJECTED, ""));
        say(4, judged(Verdict.VERDICT_REJECTED, "somebody"));
        assertThat(gauge("tutelage.gateway.rejections.in.a.row", "task", "birds", "role", "teacher"))
                .isEqualTo(2);
        say(2, given);
        assertThat(gauge("tutelage.gateway.rejections.in.a.row", "task", "birds", "role", "teacher"))
                .isEqualTo(1);
        say(1, judged(Verdict.VERDICT_REJECTED, ""));
        say(5, judged(Verdict.VERDICT_REJECTED, ""));
        assertThat(gauge("tutelage.gateway.rejections.in.a.row", "task", "birds", "role", "teacher"))
                .isEqualTo(2);
    }
}
