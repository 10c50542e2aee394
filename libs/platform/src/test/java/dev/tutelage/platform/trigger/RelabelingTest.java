package dev.tutelage.platform.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Relabel;
import dev.tutelage.event.v1.RelabelKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.SoftLabelQuality;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RelabelingTest {
    private static final Instant PROMOTION = Instant.parse("2026-01-31T12:00:00Z");

    private final Ledger ledger = new Ledger();

    @Test
    void theFirstTeacherLabelsEverythingWhateverThePolicy() {
        declare(Relabel.newBuilder().setKind(RelabelKind.RELABEL_KIND_NONE));
        shards();
        Promoted first = promote("t1", "");
        assertThat(shardsOf(first)).containsExactly("s0", "s1", "s2", "s3");
        assertThat(live(first)).containsExactly("s3");
        assertThat(backlog(first)).containsExactly("s0", "s1", "s2");
    }

    @Test
    void withoutAPolicyEverythingIsLabeledAgain() {
        declare(Relabel.newBuilder());
        shards();
        assertThat(shardsOf(promote("t2", "t1"))).containsExactly("s0", "s1", "s2", "s3");
    }

    @Test
    void noneLabelsWhatComesAfterThePromotion() {
        declare(Relabel.newBuilder().setKind(RelabelKind.RELABEL_KIND_NONE));
        shards();
        Promoted second = promote("t2", "t1");
        assertThat(shardsOf(second)).containsExactly("s3");
        assertThat(live(second)).containsExactly("s3");
        assertThat(backlog(second)).isEmpty();
    }

    @Test
    void newestLabelsTheLastShardsThatHoldEnough() {
        declare(Relabel.newBuilder().setKind(RelabelKind.RELABEL_KIND_NEWEST).setNewestImages(15));
        shards();
        Promoted second = promote("t2", "t1");
        assertThat(shardsOf(second)).containsExactly("s1", "s2", "s3");
        assertThat(backlog(second)).containsExactly("s1", "s2");
    }

    @Test
    void uncertainFirstGoesByTheEntropyOfTheTeacherBefore() {
        declare(Relabel.newBuilder().setKind(RelabelKind.RELABEL_KIND_UNCERTAIN_FIRST));
        shards();
        labels("s0", "t1", 0.5);
        labels("s2", "t1", 0.9);
        Promoted second = promote("t2", "t1");
        assertThat(backlog(second)).containsExactly("s1", "s2", "s0");
        assertThat(live(second)).containsExactly("s3");
        assertThat(shardsOf(second)).containsExactly("s0", "s1", "s2", "s3");
    }

    @Test
    void aShardIsAskedForOnceForEachTeacherHoweverThatEnded() {
        declare(Relabel.newBuilder());
        shards();
        Promoted first = promote("t1", "");
        asked("s1", "t1", RunState.RUN_STATE_FAILED);
        asked("s3", "t1", RunState.RUN_STATE_REQUESTED);
        assertThat(backlog(first)).containsExactly("s0", "s2");
        assertThat(live(first)).isEmpty();
        Promoted second = promote("t2", "t1");
        assertThat(backlog(second)).containsExactly("s0", "s1", "s2");
        assertThat(live(second)).containsExactly("s3");
    }

    /** The first time everything up to s3, from s4 on another teacher, then the first one again. */
    @Test
    void aTeacherThatGetsTheRoleAgainGoesOnWhereItBegan() {
        declare(Relabel.newBuilder().setKind(RelabelKind.RELABEL_KIND_NONE));
        Promoted first = promote("t1", "");
        shards();
        for (int i = 0; i < 4; i++) {
            asked("s" + i, "t1", RunState.RUN_STATE_SUCCEEDED);
        }
        promote("t2", "t1", PROMOTION.plusSeconds(10));
        ledger.add(Birds.shard("s4", 10), PROMOTION.plusSeconds(20));
        asked("s4", "t2", RunState.RUN_STATE_SUCCEEDED);
        Promoted again = promote("t1", "t2", PROMOTION.plusSeconds(30));
        ledger.add(Birds.shard("s5", 10), PROMOTION.plusSeconds(40));
        assertThat(shardsOf(again)).containsExactly("s0", "s1", "s2", "s3", "s4", "s5");
        assertThat(live(again)).containsExactly("s5");
        assertThat(backlog(again)).as("what it has labeled is not asked again").containsExactly("s4");
        assertThat(Relabeling.by(first, task())).isEqualTo(Relabeling.by(again, task()));
    }

    @Test
    void aSecondTeacherThatGetsTheRoleAgainBeginsWhereItsPolicyLetItBegin() {
        declare(Relabel.newBuilder().setKind(RelabelKind.RELABEL_KIND_NONE));
        shards();
        promote("t1", "", PROMOTION.minusSeconds(60));
        promote("t2", "t1");
        promote("t3", "t2", PROMOTION.plusSeconds(10));
        ledger.add(Birds.shard("s4", 10), PROMOTION.plusSeconds(20));
        Promoted again = promote("t2", "t3", PROMOTION.plusSeconds(30));
        ledger.add(Birds.shard("s5", 10), PROMOTION.plusSeconds(40));
        assertThat(shardsOf(again)).containsExactly("s3", "s4", "s5");
        assertThat(live(again)).containsExactly("s5");
        assertThat(backlog(again)).containsExactly("s3", "s4");
    }

    /** Whatever the order in which topics are read side by side. */
    @Test
    void theOrderOfReadingDoesNotMatter() {
        declare(Relabel.newBuilder().setKind(RelabelKind.RELABEL_KIND_NONE));
        Promoted second = promote("t2", "t1");
        asked("s3", "t2", RunState.RUN_STATE_SUCCEEDED);
        shards();
        ledger.add(Birds.shard("s4", 10), PROMOTION.plusSeconds(60));
        assertThat(shardsOf(second)).containsExactly("s3", "s4");
        assertThat(live(second)).containsExactly("s4");
    }

    private void declare(Relabel.Builder relabel) {
        TaskDeclared task = Birds.declared(0);
        ledger.add(task.toBuilder()
                .setPolicies(task.getPolicies().toBuilder().setRelabel(relabel))
                .build());
    }

    /** Three that come before the promotion and one that comes with it. */
    private void shards() {
        for (int i = 0; i < 4; i++) {
            ledger.add(Birds.shard("s" + i, 10), PROMOTION.plusSeconds(i - 3L));
        }
    }

    private Promoted promote(String teacher, String previous) {
        return promote(teacher, previous, PROMOTION);
    }

    private Promoted promote(String teacher, String previous, Instant said) {
        Promoted promoted = Promoted.newBuilder()
                .setTask(Birds.TASK)
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(teacher)
                .setPrevious(previous)
                .build();
        ledger.add(promoted, said);
        return promoted;
    }

    private void asked(String shard, String teacher, RunState state) {
        ledger.add(Birds.run("label-" + shard + teacher, state).toBuilder()
                .setStage(Stage.STAGE_LABEL)
                .setDataset(shard)
                .setParent(teacher)
                .build());
    }

    private void labels(String shard, String teacher, double entropy) {
        ledger.add(SoftLabelsAdded.newBuilder()
                .setTask(Birds.TASK)
                .setShard(shard)
                .setTeacher(teacher)
                .setQuality(SoftLabelQuality.newBuilder().setMeanEntropy(entropy))
                .build());
    }

    private TaskLedger task() {
        return ledger.task(Birds.TASK).orElseThrow();
    }

    private List<String> shardsOf(Promoted teacher) {
        return Relabeling.by(teacher, task()).shards(task()).stream()
                .map(shard -> shard.getShard().getDigest())
                .toList();
    }

    private List<String> live(Promoted teacher) {
        return names(Relabeling.by(teacher, task()).liveUnasked(task()));
    }

    private List<String> backlog(Promoted teacher) {
        return names(Relabeling.by(teacher, task()).backlogUnasked(teacher, task()));
    }

    private List<String> names(Stream<Integer> places) {
        return places.map(place -> task().unlabeled().get(place).getShard().getDigest())
                .toList();
    }
}
