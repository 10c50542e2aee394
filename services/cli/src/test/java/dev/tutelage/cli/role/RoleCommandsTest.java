package dev.tutelage.cli.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.Tutelage;
import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands as people give them, on a real broker. */
@Timeout(120)
class RoleCommandsTest {
    @TempDir
    private Path directory;

    @Test
    void aCheckpointIsPromotedAndRolledBackByHand() throws Exception {
        assertThat(run("promote", "birds", "teacher", "aa")).as("nothing runs").isEqualTo(1);
        try (Machine machine = Machine.start(LoneMachine.withoutServices(directory), status -> {})) {
            try (FactLog log = new FactLog(machine.kafka(), "/tutelage/test", "role-test", Clock.systemUTC())) {
                log.publish(List.of(
                        TaskDeclared.newBuilder().setTask("birds").build(), checkpoint("aa11"), checkpoint("bb22")));
            }
            assertThat(run("promote", "birds", "teacher")).as("nothing waits").isEqualTo(2);
            assertThat(run("promote", "bird", "teacher", "aa"))
                    .as("no such task")
                    .isEqualTo(2);
            assertThat(run("promote", "birds", "headmaster", "aa"))
                    .as("no such role")
                    .isEqualTo(2);
            // What is committed is visible a moment later.
            await().atMost(Duration.ofSeconds(10)).until(() -> run("promote", "birds", "teacher", "aa") == 0);
            promotions(machine, 1);
            assertThat(run("promote", "birds", "TEACHER", "bb", "--reason", "better at owls"))
                    .isZero();
            promotions(machine, 2);
            assertThat(run("rollback", "birds", "teacher")).isZero();

            List<Promoted> said = promotions(machine, 3);
            assertThat(said).extracting(Promoted::getCheckpoint).containsExactly("aa11", "bb22", "aa11");
            assertThat(said).extracting(Promoted::getPrevious).containsExactly("", "aa11", "bb22");
            assertThat(said).extracting(Promoted::getRole).containsOnly(Role.ROLE_TEACHER);
            assertThat(said).extracting(Promoted::getBy).containsOnly("cli");
            assertThat(said)
                    .extracting(Promoted::getKind)
                    .containsExactly(
                            PromotionKind.PROMOTION_KIND_MANUAL,
                            PromotionKind.PROMOTION_KIND_MANUAL,
                            PromotionKind.PROMOTION_KIND_ROLLBACK);
            assertThat(said.get(1).getEvidence().getReason()).isEqualTo("better at owls");
        }
    }

    @Test
    void whatWaitsForApprovalIsRejectedOnce() throws Exception {
        try (Machine machine = Machine.start(LoneMachine.withoutServices(directory), status -> {})) {
            try (FactLog log = new FactLog(machine.kafka(), "/tutelage/test", "role-test", Clock.systemUTC())) {
                log.publish(List.of(
                        TaskDeclared.newBuilder().setTask("birds").build(),
                        checkpoint("aa11"),
                        checkpoint("bb22"),
                        CandidateJudged.newBuilder()
                                .setTask("birds")
                                .setRole(Role.ROLE_TEACHER)
                                .setCheckpoint("aa11")
                                .setVerdict(Verdict.VERDICT_AWAITING_APPROVAL)
                                .build()));
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> run("reject", "birds", "teacher", "aa", "--reason", "worse at owls") == 0);
            assertThat(run("reject", "birds", "teacher", "aa"))
                    .as("it is so already")
                    .isZero();
            assertThat(run("reject", "birds", "teacher", "bb"))
                    .as("it does not wait")
                    .isEqualTo(2);
            assertThat(run("promote", "birds", "teacher")).as("nothing waits").isEqualTo(2);

            List<CandidateJudged> said = new ArrayList<>();
            try (FactReader reader = new FactReader(machine.kafka(), EnumSet.of(Topic.JUDGEMENTS))) {
                reader.readToEnd(
                        placed -> said.add((CandidateJudged) placed.fact().payload()));
            }
            assertThat(said).extracting(CandidateJudged::getBy).containsExactly("", "cli");
            assertThat(said.get(1).getVerdict()).isEqualTo(Verdict.VERDICT_REJECTED);
            assertThat(said.get(1).getEvidence().getReason()).isEqualTo("worse at owls");
        }
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--state", directory.toString()));
        return Tutelage.commandLine().execute(all.toArray(String[]::new));
    }

    private static List<Promoted> promotions(Machine machine, int number) {
        List<Promoted> promotions = new ArrayList<>();
        try (FactReader reader = new FactReader(machine.kafka(), EnumSet.of(Topic.PROMOTIONS))) {
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                reader.poll(Duration.ofMillis(100)).forEach(fact -> promotions.add((Promoted) fact.payload()));
                return promotions.size() >= number;
            });
        }
        return promotions;
    }

    private static CheckpointPublished checkpoint(String digest) {
        return CheckpointPublished.newBuilder()
                .setTask("birds")
                .setDigest(digest)
                .setStage(Stage.STAGE_FINE_TUNE)
                .addFiles(Artifact.newBuilder().setName("model.onnx"))
                .build();
    }
}
