package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.cli.Tutelage;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.cli.verify.SoftLabelVerifier;
import dev.tutelage.cli.verify.Verification;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.log.FactReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two teachers, about whom a person has the last word: by the commands that people give. */
class PromotionIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int SHARDS = 4;

    @Test
    void aPersonApprovesPromotesAndRollsBackAndTheLabelerFollows(@TempDir Path directory) throws Exception {
        Path state = directory.resolve("machine");
        try (Machine machine = Machine.start(
                        MachineOptions.everything(Home.directory(), state)
                                .withServices(List.of("fine-tuner", "labeler")),
                        status -> System.out.println(status.line()));
                TinyTask task = TinyTask.ofApproval(machine);
                Watcher watcher = new Watcher(task.name(), machine)) {
            task.declare();
            task.addHeldOutAndLabeled();
            String first = judged(task, watcher, 1, directory.resolve("encoder-1"));
            assertThat(watcher.promotions(Role.ROLE_TEACHER))
                    .as("a person has to say")
                    .isEmpty();
            assertThat(run(state, "promote", "approval", "teacher")).isZero();
            ShardRiver river = new ShardRiver(task);
            river.add(SHARDS);
            awaitLabels(watcher, first, SHARDS);

            String second = judged(task, watcher, 2, directory.resolve("encoder-2"));
            assertComparedOnTheSameImages(watcher, first, second);
            assertThat(run(state, "promote", "approval", "teacher", second.substring(0, 16)))
                    .isZero();
            awaitLabels(watcher, second, SHARDS);
            assertThat(run(state, "promote", "approval", "teacher", second))
                    .as("it is the teacher already")
                    .isEqualTo(2);

            watcher.catchUp();
            List<Duration> reactions = new ArrayList<>();
            for (String next : List.of(first, second, first)) {
                river.add(1);
                awaitLabels(watcher, next.equals(first) ? second : first, river.shards());
                int before = watcher.promotions(Role.ROLE_TEACHER).size();
                assertThat(run(state, "rollback", "approval", "teacher", next)).isZero();
                awaitLabels(watcher, next, river.shards());
                watcher.catchUp();
                reactions.add(
                        reaction(machine, watcher.promotions(Role.ROLE_TEACHER).get(before)));
            }
            System.out.println("Labels after a rollback: " + reactions);
            assertThat(reactions.stream().min(Duration::compareTo).orElseThrow())
                    .isLessThan(Duration.ofSeconds(1));
            assertPromotions(watcher, first, second);
            Verification found = new SoftLabelVerifier(machine.kafka(), machine.artifactStore())
                    .verify(Optional.of(task.name()), PATIENCE);
            assertThat(found.findings()).as("each shard once by each teacher").isEmpty();
            assertThat(watcher.deadLetters()).isEmpty();
        }
    }

    /** @return the digest of a teacher that has been trained and judged */
    private static String judged(TinyTask task, Watcher watcher, int number, Path directory) throws Exception {
        task.addRandomEncoder(number, directory);
        watcher.await(
                "a judgement",
                PATIENCE,
                () -> watcher.judgements(Role.ROLE_TEACHER).size() == number);
        return watcher.judgements(Role.ROLE_TEACHER).get(number - 1).getCheckpoint();
    }

    private static void awaitLabels(Watcher watcher, String teacher, int shards) {
        watcher.await(
                "labels of " + shards + " shards",
                PATIENCE,
                () -> watcher.softLabels().stream()
                                .filter(labels -> labels.getTeacher().equals(teacher))
                                .map(SoftLabelsAdded::getShard)
                                .distinct()
                                .count()
                        == shards);
    }

    private static void assertComparedOnTheSameImages(Watcher watcher, String first, String second) {
        List<CandidateJudged> judgements = watcher.judgements(Role.ROLE_TEACHER);
        assertThat(judgements.get(0).getVerdict()).isEqualTo(Verdict.VERDICT_AWAITING_APPROVAL);
        assertThat(judgements.get(0).getHolder()).isEmpty();
        CandidateJudged judged = judgements.get(1);
        assertThat(judged.getHolder()).isEqualTo(first);
        GateEvidence evidence = judged.getEvidence();
        assertThat(evidence.getComparison().getImages()).isEqualTo(TinyTask.HELD_OUT);
        double gain = evidence.getCandidateTop1() - evidence.getHolderTop1();
        assertThat(100.0
                        * (evidence.getComparison().getCandidateOnly()
                                - evidence.getComparison().getHolderOnly())
                        / TinyTask.HELD_OUT)
                .as("what one alone is right about makes the difference")
                .isCloseTo(gain, within(1e-6));
        assertThat(judged.getVerdict())
                .isEqualTo(gain > 0 ? Verdict.VERDICT_AWAITING_APPROVAL : Verdict.VERDICT_REJECTED);
        assertThat(evidence.getCandidateClassRecallList()).hasSize(10);
        Map<String, Double> metrics = watcher.checkpoints(Stage.STAGE_FINE_TUNE).stream()
                .filter(checkpoint -> checkpoint.getDigest().equals(second))
                .map(CheckpointPublished::getMetricsMap)
                .findFirst()
                .orElseThrow();
        assertThat(metrics).containsKeys("top1", "minClassRecall", "calibrationError", "latencyMillis");
        assertThat(evidence.getCandidateTop1()).isEqualTo(metrics.get("top1"));
        assertThat(evidence.getCandidateLatencyMillis()).isEqualTo(metrics.get("latencyMillis"));
    }

    private static void assertPromotions(Watcher watcher, String first, String second) {
        List<Promoted> promotions = watcher.promotions(Role.ROLE_TEACHER);
        assertThat(promotions).extracting(Promoted::getCheckpoint).containsExactly(first, second, first, second, first);
        assertThat(promotions)
                .extracting(Promoted::getKind)
                .containsExactly(
                        PromotionKind.PROMOTION_KIND_MANUAL,
                        PromotionKind.PROMOTION_KIND_MANUAL,
                        PromotionKind.PROMOTION_KIND_ROLLBACK,
                        PromotionKind.PROMOTION_KIND_ROLLBACK,
                        PromotionKind.PROMOTION_KIND_ROLLBACK);
    }

    /** From the promotion to the first labels that its teacher gave after it. */
    private static Duration reaction(Machine machine, Promoted promoted) {
        List<Fact> facts = new ArrayList<>();
        try (FactReader reader = new FactReader(machine.kafka(), EnumSet.of(Topic.PROMOTIONS, Topic.SOFT_LABELS))) {
            reader.readToEnd(placed -> facts.add(placed.fact()));
        }
        Instant said = facts.stream()
                .filter(fact -> fact.payload().equals(promoted))
                .map(Fact::time)
                .max(Instant::compareTo)
                .orElseThrow();
        return facts.stream()
                .filter(fact -> fact.payload() instanceof SoftLabelsAdded labels
                        && labels.getTeacher().equals(promoted.getCheckpoint()))
                .map(Fact::time)
                .filter(time -> time.isAfter(said))
                .min(Instant::compareTo)
                .map(time -> Duration.between(said, time))
                .orElseThrow();
    }

    private static int run(Path state, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--state", state.toString()));
        return Tutelage.commandLine().execute(all.toArray(String[]::new));
    }
}
