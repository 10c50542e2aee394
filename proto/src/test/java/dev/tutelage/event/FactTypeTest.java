package dev.tutelage.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.Stage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FactTypeTest {

    @ParameterizedTest
    @CsvSource({
        "TASK_DECLARED, dev.tutelage.TaskDeclared.v1, tutelage.tasks, birds",
        "SHARD_ADDED, dev.tutelage.ShardAdded.v1, tutelage.shards, birds/s1",
        "UPLOAD_ACCEPTED, dev.tutelage.UploadAccepted.v1, tutelage.uploads, birds/u1",
        "RUN_REQUESTED, dev.tutelage.RunRequested.v1, tutelage.label-requests, r1",
        "RUN_CHANGED, dev.tutelage.RunChanged.v1, tutelage.runs, r1",
        "RUN_PROGRESSED, dev.tutelage.RunProgressed.v1, tutelage.run-progress, r1",
        "CHECKPOINT_PUBLISHED, dev.tutelage.CheckpointPublished.v1, tutelage.checkpoints, c1",
        "SOFT_LABELS_ADDED, dev.tutelage.SoftLabelsAdded.v1, tutelage.soft-labels, birds/s1",
        "PROMOTED, dev.tutelage.Promoted.v1, tutelage.promotions, birds/teacher",
        "DRIFT_DETECTED, dev.tutelage.DriftDetected.v1, tutelage.drift, birds/c1",
        "ARTIFACTS_EXPIRED, dev.tutelage.ArtifactsExpired.v1, tutelage.expirations, birds",
        "AUDITED, dev.tutelage.Audited.v1, tutelage.audit, q1",
        "DEAD_LETTERED, dev.tutelage.DeadLettered.v1, tutelage.dead-letters, r1",
    })
    void everyTypeHasItsTopicAndKey(FactType type, String cloudEventType, String topic, String key) {
        assertThat(type.cloudEventType()).isEqualTo(cloudEventType);
        assertThat(type.topicOf(Examples.of(type)).topicName()).isEqualTo(topic);
        assertThat(type.keyOf(Examples.of(type))).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "STAGE_PRETRAIN, tutelage.pretrain-requests",
        "STAGE_FINE_TUNE, tutelage.fine-tune-requests",
        "STAGE_SUPERVISED, tutelage.fine-tune-requests",
        "STAGE_LABEL, tutelage.label-requests",
        "STAGE_DISTILL, tutelage.distill-requests",
        "STAGE_SELF_DISTILL, tutelage.distill-requests",
    })
    void requestsGoToTheWorkersOfTheirStage(Stage stage, String topic) {
        assertThat(FactType.RUN_REQUESTED.topicOf(Examples.request(stage)).topicName())
                .isEqualTo(topic);
    }

    @Test
    void theBacklogOfLabelingHasATopicOfItsOwn() {
        RunRequested label = Examples.request(Stage.STAGE_LABEL);
        assertThat(FactType.RUN_REQUESTED
                        .topicOf(label.toBuilder().setBacklog(true).build())
                        .topicName())
                .isEqualTo("tutelage.relabel-requests");
    }

    @ParameterizedTest
    @EnumSource(names = {"STAGE_UNSPECIFIED", "UNRECOGNIZED"})
    void nobodyServesAnUnknownStage(Stage stage) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Topic.requestsOf(stage, false))
                .withMessageContaining(stage.name())
                .withMessageContaining("update this service");
    }

    @Test
    void theStudentIsPromotedBesideTheTeacher() {
        Promoted student = Promoted.newBuilder()
                .setTask("birds")
                .setRole(Role.ROLE_STUDENT)
                .build();
        assertThat(FactType.PROMOTED.keyOf(student)).isEqualTo("birds/student");
    }

    @Test
    void topicsAreFoundByName() {
        assertThat(Arrays.stream(Topic.values()).map(Topic::topicName).map(Topic::named))
                .doesNotHaveDuplicates()
                .allMatch(found -> found.isPresent());
        assertThat(Topic.named("tutelage.birds")).isEmpty();
    }

    @Test
    void onlyRequestsAreSharedAmongWorkers() {
        assertThat(Topic.values()).allSatisfy(topic -> assertThat(topic.partitions() > 1)
                .isEqualTo(topic.topicName().endsWith("-requests")));
    }

    @Test
    void onlyWhatIsForWatchingIsDeleted() {
        assertThat(Topic.values())
                .filteredOn(topic -> topic.cleanup() == Topic.Cleanup.DELETE)
                .extracting(Topic::topicName)
                .containsExactly("tutelage.run-progress");
    }
}
