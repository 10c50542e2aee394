package dev.tutelage.platform.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.DriftPolicy;
import dev.tutelage.event.v1.DriftReference;
import dev.tutelage.event.v1.DriftTest;
import dev.tutelage.event.v1.DriftTestKind;
import dev.tutelage.event.v1.FeatureDistance;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.SoftLabelQuality;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.TeacherProfile;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.ledger.Ledger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Windows of two shards of 500 images; the reference is of 1,000. */
class DriftDecisionTest {
    private static final String TEACHER = "t";
    private static final TeacherProfile USUAL = profile(100, 900, 0.02);
    private static final TeacherProfile UNSURE = profile(300, 200, 0.02);
    private static final TeacherProfile AS_USUAL = profile(52, 448, 0.03);
    private static final TeacherProfile FAR_AWAY = profile(50, 450, 0.2);

    private final Ledger ledger = new Ledger();
    private final Drift drift = new Drift();

    @Test
    void whatIsAsUsualIsNoDrift() {
        begin(checkpoint(true));
        labeled(AS_USUAL, AS_USUAL, AS_USUAL, AS_USUAL);
        assertThat(found()).isEmpty();
    }

    @Test
    void aWindowOfWhichTheTeacherIsUnsureIsReportedWithAllThatWasTested() {
        begin(checkpoint(true));
        labeled(AS_USUAL, AS_USUAL, UNSURE, UNSURE);
        assertThat(found()).singleElement().satisfies(report -> {
            assertThat(report.getWindow()).isEqualTo(1);
            assertThat(report.getFirstShard()).isEqualTo("s2");
            assertThat(report.getLastShard()).isEqualTo("s3");
            assertThat(report.getImages()).isEqualTo(1000);
            assertThat(report.getReference()).isEqualTo(DriftReference.DRIFT_REFERENCE_CHECKPOINT);
            assertThat(report.getTestsList())
                    .extracting(DriftTest::getKind)
                    .containsExactly(
                            DriftTestKind.DRIFT_TEST_KIND_CONFIDENCE,
                            DriftTestKind.DRIFT_TEST_KIND_CLASS_PRIOR,
                            DriftTestKind.DRIFT_TEST_KIND_FEATURES);
            assertThat(report.getTests(0).getFired()).isTrue();
            assertThat(report.getTests(0).getThreshold()).isEqualTo(0.25);
            assertThat(report.getTests(2).getFired()).isFalse();
            assertThat(report.getReason())
                    .startsWith(
                            "Of 1,000 images, other than in the teacher's held-out images: how sure the teacher is (1.")
                    .contains("above 0.250");
        });
    }

    /** 0.2 in the mean where the held-out images have 0.02. */
    @Test
    void featuresFarFromTheTeachersAreReported() {
        begin(checkpoint(true));
        labeled(FAR_AWAY, FAR_AWAY);
        assertThat(found()).singleElement().satisfies(report -> {
            assertThat(report.getTestsList())
                    .filteredOn(DriftTest::getFired)
                    .extracting(DriftTest::getKind)
                    .containsExactly(DriftTestKind.DRIFT_TEST_KIND_FEATURES);
            assertThat(report.getTests(2).getValue()).isBetween(0.179, 0.181);
        });
    }

    @Test
    void aWindowIsJudgedWhenAllOfItsShardsAreDealtWith() {
        begin(checkpoint(true));
        labeled(UNSURE);
        ledger.add(Birds.shard("s1", 500));
        assertThat(found()).isEmpty();
        ledger.add(Birds.run("label-s1", RunState.RUN_STATE_FAILED).toBuilder()
                .setStage(Stage.STAGE_LABEL)
                .setDataset("s1")
                .setParent(TEACHER)
                .build());
        assertThat(found()).singleElement().extracting(DriftDetected::getImages).isEqualTo(500L);
    }

    @Test
    void itIsSaidOnceForAWindow() {
        begin(checkpoint(true));
        labeled(UNSURE, UNSURE);
        DriftDetected report = found().get(0);
        assertThat(found()).as("until it is on Kafka").containsExactly(report);
        ledger.add(report);
        assertThat(found()).isEmpty();
        assertThat(reports(new Drift())).as("of another trigger").isEmpty();
        labeled(UNSURE, UNSURE);
        assertThat(found()).singleElement().extracting(DriftDetected::getWindow).isEqualTo(1L);
    }

    /** Whoever looks, and in whatever order the topics were read side by side. */
    @Test
    void everyTriggerFindsTheSame() {
        begin(checkpoint(true));
        List<DriftDetected> seen = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            labeled(i % 7 < 3 ? AS_USUAL : i % 7 < 5 ? FAR_AWAY : UNSURE);
            for (DriftDetected report : found()) {
                if (!seen.contains(report)) {
                    seen.add(report);
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(3);
        assertThat(reports(new Drift())).containsExactlyElementsOf(seen);
        Ledger shuffled = new Ledger();
        List<Message> facts = new ArrayList<>(List.of(declared(), promoted(), checkpoint(true)));
        facts.addAll(labels(20));
        Collections.shuffle(facts, new Random(2));
        IntStream.range(0, 20).forEach(i -> shuffled.add(Birds.shard("s" + i, 500)));
        facts.forEach(shuffled::add);
        assertThat(reports(new Drift(), shuffled)).containsExactlyElementsOf(seen);
    }

    private List<Message> labels(int shards) {
        return IntStream.range(0, shards)
                .<Message>mapToObj(i -> ledger.task(Birds.TASK)
                        .orElseThrow()
                        .softLabels("s" + i, TEACHER)
                        .orElseThrow())
                .toList();
    }

    @Test
    void withoutAReferenceTheFirstWindowIsWhatTheOthersAreComparedWith() {
        begin(checkpoint(false));
        labeled(UNSURE, UNSURE, UNSURE, UNSURE, AS_USUAL, FAR_AWAY);
        assertThat(found()).singleElement().satisfies(report -> {
            assertThat(report.getWindow()).isEqualTo(2);
            assertThat(report.getReference()).isEqualTo(DriftReference.DRIFT_REFERENCE_FIRST_WINDOW);
            assertThat(report.getReason()).contains("other than in the teacher's first window");
        });
    }

    /** The checkpoint's reference is of whole images. */
    @Test
    void randomViewsAreComparedWithRandomViews() {
        begin(checkpoint(true));
        TeacherProfile random = UNSURE.toBuilder().setPlain(false).build();
        labeled(random, random, random, random);
        assertThat(found()).isEmpty();
    }

    /** It might have a reference. */
    @Test
    void beforeTheCheckpointIsKnownNothingIsJudged() {
        ledger.add(declared());
        ledger.add(promoted());
        labeled(UNSURE, UNSURE);
        assertThat(found()).isEmpty();
        ledger.add(checkpoint(true));
        assertThat(found()).hasSize(1);
    }

    @Test
    void labelsOfEarlierVersionsSayNothing() {
        begin(checkpoint(true));
        ledger.add(Birds.shard("s0", 1000));
        ledger.add(SoftLabelsAdded.newBuilder()
                .setTask(Birds.TASK)
                .setShard("s0")
                .setTeacher(TEACHER)
                .build());
        assertThat(found()).isEmpty();
    }

    private void begin(CheckpointPublished checkpoint) {
        ledger.add(declared());
        ledger.add(checkpoint);
        ledger.add(promoted());
    }

    private static TaskDeclared declared() {
        TaskDeclared task = Birds.declared(0);
        return task.toBuilder()
                .setPolicies(task.getPolicies().toBuilder()
                        .setDrift(DriftPolicy.newBuilder().setWindowImages(1000)))
                .build();
    }

    private static CheckpointPublished checkpoint(boolean reference) {
        CheckpointPublished.Builder checkpoint = Birds.checkpoint(TEACHER, Stage.STAGE_FINE_TUNE, 80).toBuilder();
        if (reference) {
            checkpoint.setReference(USUAL);
        }
        return checkpoint.build();
    }

    private static Promoted promoted() {
        return Promoted.newBuilder()
                .setTask(Birds.TASK)
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(TEACHER)
                .build();
    }

    /** Next shards of 500 images each, and how the teacher sees them. */
    private void labeled(TeacherProfile... profiles) {
        for (TeacherProfile profile : profiles) {
            String shard =
                    "s" + ledger.task(Birds.TASK).orElseThrow().unlabeled().size();
            ledger.add(Birds.shard(shard, 500));
            ledger.add(SoftLabelsAdded.newBuilder()
                    .setTask(Birds.TASK)
                    .setShard(shard)
                    .setTeacher(TEACHER)
                    .setImages(500)
                    .setQuality(SoftLabelQuality.newBuilder().setProfile(profile))
                    .build());
        }
    }

    /** So many images that the teacher is unsure of, and so many that it is sure of. */
    private static TeacherProfile profile(long unsure, long sure, double distance) {
        TeacherProfile.Builder profile = TeacherProfile.newBuilder().setPlain(true);
        for (int bin = 0; bin < 10; bin++) {
            profile.addConfidenceHistogram(bin == 5 ? unsure : bin == 9 ? sure : 0);
        }
        long half = (unsure + sure) / 2;
        return profile.addClassCounts(half)
                .addClassCounts(unsure + sure - half)
                .setFeatures(
                        FeatureDistance.newBuilder().setSquaredMmd(distance).setImages(64))
                .build();
    }

    private List<DriftDetected> found() {
        return reports(drift);
    }

    private List<DriftDetected> reports(Drift by) {
        return reports(by, ledger);
    }

    private static List<DriftDetected> reports(Drift by, Ledger facts) {
        return by.decide(facts.task(Birds.TASK).orElseThrow()).stream()
                .map(decision -> ((Decision.Report) decision).drift())
                .toList();
    }
}
