package dev.tutelage.labeler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.trigger.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Students that learn from what teachers agree on need the word of each about the same shards. */
class LabelTriggerAgreementTest {
    private static final String TASK = "birds";

    private final Ledger ledger = new Ledger();

    @Test
    void earlierTeachersLabelWhatStudentsLearnFrom() {
        begin("{\"agreement\":2}");
        promote("teacher-1", 60);
        promote("teacher-2", 61);
        promote("teacher-3", 62);
        assertThat(due())
                .containsExactlyInAnyOrder(
                        "u1 by teacher-3",
                        "u2 by teacher-3",
                        "u3 by teacher-3",
                        "u1 by teacher-2",
                        "u2 by teacher-2",
                        "u3 by teacher-2");
        softLabels("u1", "teacher-2");
        softLabels("u2", "teacher-3");
        assertThat(due())
                .containsExactlyInAnyOrder("u1 by teacher-3", "u3 by teacher-3", "u2 by teacher-2", "u3 by teacher-2");
    }

    @Test
    void otherwiseTheTeacherLabelsAlone() {
        begin("{\"minConfidence\":0.5}");
        promote("teacher-1", 60);
        promote("teacher-2", 61);
        assertThat(due()).containsExactlyInAnyOrder("u1 by teacher-2", "u2 by teacher-2", "u3 by teacher-2");
    }

    private void begin(String selection) {
        ledger.add(TaskDeclared.newBuilder()
                .setTask(TASK)
                .setPolicies(Policies.newBuilder().setDistillMinImages(20))
                .setSelection(Recipes.SELECTION.write(
                        Recipes.SELECTION.override(Recipes.SELECTION.preset("everything"), selection)))
                .build());
        for (String shard : List.of("u1", "u2", "u3")) {
            ledger.add(ShardAdded.newBuilder()
                    .setTask(TASK)
                    .setShard(Artifact.newBuilder().setDigest(shard))
                    .setImages(10)
                    .setSplit(Split.SPLIT_TRAIN)
                    .build());
        }
    }

    private void promote(String teacher, double top1) {
        ledger.add(CheckpointPublished.newBuilder()
                .setTask(TASK)
                .setDigest(teacher)
                .setStage(Stage.STAGE_FINE_TUNE)
                .putMetrics("top1", top1)
                .build());
        ledger.add(Promoted.newBuilder()
                .setTask(TASK)
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(teacher)
                .build());
    }

    private void softLabels(String shard, String teacher) {
        ledger.add(SoftLabelsAdded.newBuilder()
                .setTask(TASK)
                .setShard(shard)
                .setTeacher(teacher)
                .build());
    }

    private List<String> due() {
        return new LabelTrigger()
                .decide(ledger.task(TASK).orElseThrow()).stream()
                        .map(Decision.Request.class::cast)
                        .map(request -> ((Decision.Input.OfShard) request.input())
                                        .shard()
                                        .getDigest() + " by "
                                + request.parent().orElseThrow())
                        .toList();
    }
}
