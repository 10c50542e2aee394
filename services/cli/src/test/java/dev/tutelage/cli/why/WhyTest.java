package dev.tutelage.cli.why;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.task.PauseCommand;
import dev.tutelage.cli.task.ResumeCommand;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.TaskPaused;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands that tell why, pause and resume, on a real broker. */
@Timeout(120)
class WhyTest {
    private static final Instant TIME = Instant.parse("2026-03-02T10:00:00Z");

    @TempDir
    private static Path shared;

    private static Machine machine;

    private record Ended(int status, String out, String err) {}

    @BeforeAll
    static void start() throws Exception {
        machine = Machine.start(LoneMachine.withoutServices(shared.resolve("state")), status -> {});
        say(
                TaskDeclared.newBuilder().setTask("birds").build(),
                ShardAdded.newBuilder()
                        .setTask("birds")
                        .setShard(Artifact.newBuilder().setDigest("s9"))
                        .build(),
                request("pretrain-aa01", 1, "12,000 unlabeled images have arrived; the task asks for 12,000"),
                request("pretrain-ab02", 2, "6,140 unlabeled images have come since run pretrain-aa01"),
                changed("pretrain-aa01", RunState.RUN_STATE_CANCELLED, "run pretrain-ab02 takes its place"),
                changed("pretrain-ab02", RunState.RUN_STATE_STARTED, ""),
                CancellationRequested.newBuilder()
                        .setTask("birds")
                        .setRunId("pretrain-aa01")
                        .setBy("pretrain-ab02")
                        .setReason("run pretrain-ab02 takes its place")
                        .build());
        Awaitility.await().until(() -> tutelage("why", "pretrain-aa01").out().contains("cancelled"));
    }

    @AfterAll
    static void stop() {
        machine.close();
    }

    @Test
    void aRunIsToldInASentenceWithTheFactsThatLedToIt() {
        Ended ended = tutelage("why", "pretrain-ab");
        assertThat(ended.status()).isZero();
        assertThat(ended.out().lines())
                .containsExactly(
                        "Run pretrain-ab02 of task birds, number 2 of its pretrain runs, was asked for at " + TIME
                                + " because 6,140 unlabeled images have come since run pretrain-aa01.",
                        "  fact: the last shard (tutelage.shards, key birds/s9, " + TIME + ")",
                        "  fact: it was time",
                        "  state: started since " + TIME + ", attempt 1 of pretrainer-1",
                        "  it took the place of run pretrain-aa01, which was cancelled");
    }

    @Test
    void whatWasSupersededTellsByWhat() {
        assertThat(tutelage("why", "pretrain-aa01").out())
                .contains("  state: cancelled since " + TIME)
                .contains("  pretrain-ab02 wanted it to end at " + TIME + ": run pretrain-ab02 takes its place");
    }

    @Test
    void aRunThatIsNotThereIsToldWithTheNearest() {
        Ended none = tutelage("why", "pretrian-aa01");
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.err()).contains("No run's id begins with 'pretrian-aa01'. The nearest are: pretrain-aa01");
        assertThat(tutelage("why", "pretrain-").err())
                .contains("2 runs' ids begin with 'pretrain-'")
                .contains("Give more of the id");
    }

    @Test
    void aTaskPausesAndGoesOn() {
        assertThat(tutelage("resume", "birds").out()).contains("is not paused");
        assertThat(tutelage("pause", "birds", "--reason", "new camera").status())
                .isZero();
        Awaitility.await().until(() -> pauses(), said -> said.contains(pause(true, "new camera")));
        assertThat(tutelage("pause", "birds").out()).contains("is paused already");
        assertThat(tutelage("resume", "birds").status()).isZero();
        Awaitility.await().until(() -> pauses(), said -> said.contains(pause(false, "")));
        Ended unknown = tutelage("pause", "bird");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err()).contains("No task 'bird' is declared. The nearest are: birds");
    }

    private static TaskPaused pause(boolean paused, String reason) {
        return TaskPaused.newBuilder()
                .setTask("birds")
                .setPaused(paused)
                .setReason(reason)
                .setBy("cli")
                .build();
    }

    private static List<Message> pauses() {
        List<Message> pauses = new ArrayList<>();
        try (FactReader reader = new FactReader(machine.kafka(), List.of(Topic.PAUSES))) {
            reader.readToEnd(placed -> pauses.add(placed.fact().payload()));
        }
        return pauses;
    }

    private static RunRequested request(String run, int number, String reason) {
        return RunRequested.newBuilder()
                .setTask("birds")
                .setRunId(run)
                .setStage(Stage.STAGE_PRETRAIN)
                .setNumber(number)
                .setReason(reason)
                .addEvidence(Evidence.newBuilder()
                        .setWhat("the last shard")
                        .setTopic("tutelage.shards")
                        .setKey("birds/s9"))
                .addEvidence(Evidence.newBuilder().setWhat("it was time"))
                .build();
    }

    private static RunChanged changed(String run, RunState state, String message) {
        return RunChanged.newBuilder()
                .setTask("birds")
                .setRunId(run)
                .setStage(Stage.STAGE_PRETRAIN)
                .setState(state)
                .setAttempt(1)
                .setWorker("pretrainer-1")
                .setMessage(message)
                .build();
    }

    private static void say(Message... facts) throws Exception {
        try (FactLog log =
                new FactLog(machine.kafka(), "/tutelage/test", "why-test", Clock.fixed(TIME, ZoneOffset.UTC))) {
            log.publish(List.of(facts));
        }
    }

    private static Object command(String name) {
        return switch (name) {
            case "why" -> new WhyCommand();
            case "pause" -> new PauseCommand();
            default -> new ResumeCommand();
        };
    }

    private static Ended tutelage(String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--state", shared.resolve("state").toString()));
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream failed = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(failed, true, StandardCharsets.UTF_8));
            int status = new CommandLine(command(name)).execute(all.toArray(String[]::new));
            return new Ended(status, said.toString(StandardCharsets.UTF_8), failed.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
