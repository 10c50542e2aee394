package dev.tutelage.labeler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.trigger.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelTriggerTest {
    private final Ledger ledger = new Ledger();

    @Test
    void theShardsThatCheckpointsAreEvaluatedOnGoWithEachRequest() {
        ledger.add(TaskDeclared.newBuilder()
                .setTask("birds")
                .setPolicies(Policies.newBuilder().setEvaluationMinImages(20))
                .build());
        for (String digest : List.of("h1", "h2", "h3")) {
            ledger.add(shard(digest, Split.SPLIT_HELD_OUT));
        }
        ledger.add(shard("u1", Split.SPLIT_TRAIN));
        ledger.add(shard("u2", Split.SPLIT_TRAIN));
        ledger.add(Promoted.newBuilder()
                .setTask("birds")
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint("teacher")
                .build());
        List<Decision> decisions =
                new LabelTrigger().decide(ledger.task("birds").orElseThrow());
        assertThat(decisions).hasSize(2).allSatisfy(decision -> assertThat(((Decision.Request) decision).heldOut())
                .extracting(Artifact::getDigest)
                .containsExactly("h1", "h2"));
    }

    private static ShardAdded shard(String digest, Split split) {
        return ShardAdded.newBuilder()
                .setTask("birds")
                .setShard(Artifact.newBuilder().setDigest(digest))
                .setImages(10)
                .setLabeled(split == Split.SPLIT_HELD_OUT)
                .setSplit(split)
                .build();
    }
}
