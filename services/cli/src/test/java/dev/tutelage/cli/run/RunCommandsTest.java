package dev.tutelage.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands on a real broker, where runs are said to be in each state. */
@Timeout(120)
class RunCommandsTest {
    @TempDir
    private static Path shared;

    private static Machine machine;
    private static FactLog log;

    private final String id = "pretrain-" + UUID.randomUUID();

    private record Ended(int status, String err) {}

    @BeforeAll
    static void start() throws Exception {
        machine = Machine.start(LoneMachine.withoutServices(shared.resolve("state")), status -> {});
        log = new FactLog(machine.kafka(), "/tutelage/test", "run-commands-test", Clock.systemUTC());
    }

    @AfterAll
    static void stop() {
        log.close();
        machine.close();
    }

    @Test
    void aRunThatWaitsOrWorksIsCancelledOnce() throws Exception {
        say(request(0), changed(RunState.RUN_STATE_REQUESTED, 0), changed(RunState.RUN_STATE_STARTED, 0));
        assertThat(tutelage("cancel", id.substring(0, 20), "--reason", "wrong recipe")
                        .status())
                .isZero();
        Awaitility.await().until(() -> said().contains(cancellation(0)));
        Ended again = tutelage("cancel", id);
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("was cancelled before");
        assertThat(tutelage("retry", id).err()).contains("not at its end (started)");
    }

    @Test
    void aFailedRunIsAskedForAgainAsItWas() throws Exception {
        say(request(0), changed(RunState.RUN_STATE_REQUESTED, 0), changed(RunState.RUN_STATE_FAILED, 0));
        assertThat(tutelage("cancel", id).err()).contains("at its end already (failed)");
        assertThat(tutelage("retry", id).status()).isZero();
        Awaitility.await().until(() -> said().contains(request(1)));
        assertThat(said()).filteredOn(RunChanged.class::isInstance).anySatisfy(fact -> {
            RunChanged changed = (RunChanged) fact;
            assertThat(changed.getRetry()).isEqualTo(1);
            assertThat(changed.getState()).isEqualTo(RunState.RUN_STATE_REQUESTED);
            assertThat(changed.getDataset()).isEqualTo("d");
            assertThat(changed.getParent()).isEqualTo("p");
        });
        assertThat(tutelage("retry", id).err()).contains("not at its end (requested)");
    }

    /** The second retry of a run that was cancelled at its first. */
    @Test
    void aCancelledRetryIsRetriedOnceMore() throws Exception {
        say(request(0), changed(RunState.RUN_STATE_FAILED, 0), request(1), changed(RunState.RUN_STATE_CANCELLED, 1));
        assertThat(tutelage("retry", id).status()).isZero();
        Awaitility.await().until(() -> said().contains(request(2)));
    }

    @Test
    void aRunThatHasSucceededIsLeftAlone() throws Exception {
        say(request(0), changed(RunState.RUN_STATE_SUCCEEDED, 0));
        assertThat(tutelage("retry", id).err()).contains("has succeeded");
        assertThat(tutelage("cancel", id).err()).contains("at its end already (succeeded)");
        assertThat(said()).noneMatch(CancellationRequested.class::isInstance);
    }

    @Test
    void aBeginningMustMeanOneRun() throws Exception {
        say(request(0), request(0).toBuilder().setRunId(id + "-other").build());
        assertThat(tutelage("cancel", "no-such").err()).contains("No run's id begins with 'no-such'");
        assertThat(tutelage("cancel", id.substring(0, 25)).err()).contains("2 runs' ids begin with", "Give more");
        assertThat(tutelage("cancel", id).status())
                .as("the whole id of one of them")
                .isZero();
    }

    private RunRequested request(int retry) {
        return RunRequested.newBuilder()
                .setRunId(id)
                .setTask("birds")
                .setStage(Stage.STAGE_PRETRAIN)
                .setParent("p")
                .setDataset(Artifact.newBuilder().setDigest("d"))
                .setRecipe("{}")
                .setNumber(3)
                .setRetry(retry)
                .build();
    }

    private RunChanged changed(RunState state, int retry) {
        return RunChanged.newBuilder()
                .setRunId(id)
                .setTask("birds")
                .setStage(Stage.STAGE_PRETRAIN)
                .setState(state)
                .setRetry(retry)
                .build();
    }

    private CancellationRequested cancellation(int retry) {
        return CancellationRequested.newBuilder()
                .setRunId(id)
                .setTask("birds")
                .setRetry(retry)
                .setReason("wrong recipe")
                .setBy("cli")
                .build();
    }

    /** Says facts as services would, and waits until they are seen. */
    private void say(Message... facts) throws Exception {
        log.publish(List.of(facts));
        Awaitility.await().until(() -> said().containsAll(List.of(facts)));
    }

    private List<Message> said() {
        List<Message> facts = new ArrayList<>();
        try (FactReader reader =
                new FactReader(machine.kafka(), EnumSet.of(Topic.PRETRAIN_REQUESTS, Topic.RUNS, Topic.CANCELLATIONS))) {
            reader.readToEnd(placed -> {
                if (placed.fact().key().startsWith(id)) {
                    facts.add(placed.fact().payload());
                }
            });
        }
        return facts;
    }

    private static Ended tutelage(String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--state", shared.resolve("state").toString()));
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            // It takes the streams that there are when it is made.
            Object command = name.equals("cancel") ? new CancelCommand() : new RetryCommand();
            int status = new CommandLine(command).execute(all.toArray(String[]::new));
            return new Ended(status, err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }
}
