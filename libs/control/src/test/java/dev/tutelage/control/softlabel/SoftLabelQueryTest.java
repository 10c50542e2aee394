package dev.tutelage.control.softlabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ArtifactsExpired;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SoftLabelQueryTest {
    private static final List<String> CLASSES = List.of("wren", "robin");

    private final Ledger ledger = new Ledger();

    @BeforeEach
    void tell() {
        ledger.add(
                TaskDeclared.newBuilder()
                        .setTask("birds")
                        .addAllClasses(CLASSES)
                        .build(),
                Instant.EPOCH);
        for (String teacher : List.of("abc", "abd")) {
            ledger.add(
                    CheckpointPublished.newBuilder()
                            .setTask("birds")
                            .setDigest(teacher)
                            .build(),
                    Instant.EPOCH);
        }
        for (String shard : List.of("s1", "s2", "s3")) {
            ledger.add(
                    ShardAdded.newBuilder()
                            .setTask("birds")
                            .setShard(Artifact.newBuilder().setDigest(shard))
                            .setImages(1)
                            .setSplit(Split.SPLIT_TRAIN)
                            .build(),
                    Instant.EPOCH);
        }
        label("s2", "abc");
        label("s1", "abc");
        label("s1", "abd");
    }

    private void label(String shard, String teacher) {
        ledger.add(
                SoftLabelsAdded.newBuilder()
                        .setTask("birds")
                        .setShard(shard)
                        .setTeacher(teacher)
                        .setLogits(Artifact.newBuilder().setDigest(shard + "-by-" + teacher))
                        .build(),
                Instant.EPOCH);
    }

    private TaskLedger task() {
        return ledger.task("birds").orElseThrow();
    }

    private static SoftLabelQuery of(String teacher) {
        return new SoftLabelQuery(Optional.of(teacher), 0, Optional.empty());
    }

    @Test
    void aTeacherIsNamedByTheBeginningOfItsDigestAndItsLabelsComeInTheOrderOfTheShards() {
        assertThat(of("abc").facts(task()))
                .extracting(SoftLabelsAdded::getShard, SoftLabelsAdded::getTeacher)
                .containsExactly(tuple("s1", "abc"), tuple("s2", "abc"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("ab").facts(task()))
                .withMessageContaining("ambiguous: abc, abd");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("x").facts(task()))
                .withMessageContaining("These have: abc, abd");
    }

    @Test
    void withoutANameItIsTheOneThatIsTheTeacher() {
        SoftLabelQuery query = new SoftLabelQuery(Optional.empty(), 0, Optional.empty());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query.facts(task()))
                .withMessageContaining("no teacher yet");
        ledger.add(
                Promoted.newBuilder()
                        .setTask("birds")
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint("abd")
                        .build(),
                Instant.EPOCH);
        assertThat(query.facts(task())).extracting(SoftLabelsAdded::getTeacher).containsExactly("abd");
    }

    @Test
    void whatHasExpiredIsLeftOut() {
        ledger.add(
                ArtifactsExpired.newBuilder()
                        .setTask("birds")
                        .setCheckpoint("abc")
                        .addArtifacts(Artifact.newBuilder().setDigest("s1-by-abc"))
                        .build(),
                Instant.EPOCH);
        assertThat(of("abc").facts(task()))
                .extracting(SoftLabelsAdded::getShard)
                .containsExactly("s2");
    }

    @Test
    void imagesAreWantedByConfidenceAndClass() {
        SoftLabel wren = new SoftLabel("1", List.of(0.75, 0.25));
        SoftLabel robin = new SoftLabel("2", List.of(0.125, 0.875));
        SoftLabelQuery sure = new SoftLabelQuery(Optional.empty(), 0.8, Optional.empty());
        assertThat(sure.wants(wren, CLASSES)).isFalse();
        assertThat(sure.wants(robin, CLASSES)).isTrue();
        SoftLabelQuery wrens = new SoftLabelQuery(Optional.empty(), 0.75, Optional.of("wren"));
        assertThat(wrens.wants(wren, CLASSES)).isTrue();
        assertThat(wrens.wants(robin, CLASSES)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SoftLabelQuery(Optional.empty(), 1.5, Optional.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SoftLabelQuery(Optional.empty(), Double.NaN, Optional.empty()));
    }
}
