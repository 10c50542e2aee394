package dev.tutelage.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.log.PlacedFact;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunBookTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final RunBook book = new RunBook();

    private static PlacedFact at(int second, Message fact) {
        return new PlacedFact(
                new Fact(fact, "/tutelage/test", START.plusSeconds(second)), new Place("tutelage.runs", 0, second));
    }

    @Test
    void aRunKeepsWhenItWasAskedForAndWhenItChanged() {
        book.add(at(1, Birds.run("r", RunState.RUN_STATE_REQUESTED)));
        book.add(at(5, Birds.run("r", RunState.RUN_STATE_STARTED)));
        RunBook.Entry run = book.run(Birds.TASK, "r").orElseThrow();
        assertThat(run.asked()).isEqualTo(START.plusSeconds(1));
        assertThat(run.state().time()).isEqualTo(START.plusSeconds(5));
        assertThat(run.history()).hasSize(2);
    }

    @Test
    void aRunsEndIsNotUndoneByWhatALateWorkerSays() {
        book.add(at(1, Birds.run("r", RunState.RUN_STATE_SUCCEEDED)));
        book.add(at(2, Birds.run("r", RunState.RUN_STATE_STARTED)));
        assertThat(book.run(Birds.TASK, "r").orElseThrow().state().fact().getState())
                .isEqualTo(RunState.RUN_STATE_SUCCEEDED);
    }

    @Test
    void theRequestTellsWhenARunWasAskedForWhoseFirstStateIsCompactedAway() {
        RunRequested request = RunRequested.newBuilder()
                .setRunId("r")
                .setTask(Birds.TASK)
                .setStage(Stage.STAGE_PRETRAIN)
                .build();
        book.add(at(9, Birds.run("r", RunState.RUN_STATE_SUCCEEDED)));
        book.add(at(1, request));
        assertThat(book.run(Birds.TASK, "r").orElseThrow().asked()).isEqualTo(START.plusSeconds(1));

        RunBook other = new RunBook();
        other.add(at(1, request));
        other.add(at(9, Birds.run("r", RunState.RUN_STATE_SUCCEEDED)));
        assertThat(other.run(Birds.TASK, "r").orElseThrow().asked()).isEqualTo(START.plusSeconds(1));
    }

    @Test
    void ofMoreRunsThanCurvesAreKeptThoseHeardOfLastStay() {
        Curves curves = new Curves(2, 100);
        curves.add(at(1, progress("a")));
        curves.add(at(2, progress("b")));
        curves.add(at(3, progress("a")));
        curves.add(at(4, progress("c")));
        assertThat(curves.latest("a")).isPresent();
        assertThat(curves.latest("b")).isEmpty();
        assertThat(curves.latest("c")).isPresent();
    }

    private static RunProgressed progress(String run) {
        return RunProgressed.newBuilder()
                .setRunId(run)
                .setTask(Birds.TASK)
                .setStep(1)
                .build();
    }
}
