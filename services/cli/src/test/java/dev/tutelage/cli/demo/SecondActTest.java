package dev.tutelage.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.GateEvidence;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two shards of 500 images and 120 labels; then a third shard and 120 labels more. Each fact is a second after the last. */
class SecondActTest {
    private static final String TASK = "fashion";

    private final List<String> lines = new ArrayList<>();
    private final Story story = new Story(TASK, new Listening(), 0);
    private long now;

    @BeforeEach
    void firstAct() {
        say(TaskDeclared.newBuilder().setTask(TASK).build());
        say(shard("l-1", 120, true));
        say(shard("u-1", 500, false));
        say(shard("u-2", 500, false));
        say(checkpoint("baseline", Stage.STAGE_SUPERVISED, "", "", 60));
        say(checkpoint("encoder-1", Stage.STAGE_PRETRAIN, "", "", 0));
        say(checkpoint("teacher-1", Stage.STAGE_FINE_TUNE, "encoder-1", "", 70));
        promote(Role.ROLE_TEACHER, "teacher-1");
        say(checkpoint("student-1", Stage.STAGE_DISTILL, "teacher-1", "", 69));
        promote(Role.ROLE_STUDENT, "student-1");
        say(shard("u-3", 500, false));
        say(shard("l-2", 120, true));
    }

    @Test
    void itIsOverWhenTheNewTeachersStudentIsJudged() {
        assertThat(story.isComplete()).isTrue();
        assertOver(false);
        say(checkpoint("encoder-2", Stage.STAGE_PRETRAIN, "", "encoder-1", 0));
        assertOver(false);
        say(checkpoint("teacher-2", Stage.STAGE_FINE_TUNE, "encoder-2", "", 75));
        assertOver(false);
        promote(Role.ROLE_TEACHER, "teacher-2");
        assertOver(false);
        say(checkpoint("student-2", Stage.STAGE_DISTILL, "teacher-2", "", 76));
        assertOver(false);
        promote(Role.ROLE_STUDENT, "student-2");
        assertOver(true);
    }

    @Test
    void nothingMayBeUnderWay() {
        better();
        assertOver(true);
        say(run("label-9", RunState.RUN_STATE_STARTED));
        assertOver(false);
        say(run("label-9", RunState.RUN_STATE_SUCCEEDED));
        assertOver(true);
    }

    /** Topics are read side by side. */
    @Test
    void aPromotionThatIsJudgedButNotYetSaidIsAwaited() {
        say(checkpoint("encoder-2", Stage.STAGE_PRETRAIN, "", "encoder-1", 0));
        say(checkpoint("teacher-2", Stage.STAGE_FINE_TUNE, "encoder-2", "", 75));
        judge(Role.ROLE_TEACHER, "teacher-2", 75, 70, Verdict.VERDICT_PROMOTED, "it is better");
        assertOver(false);
    }

    @Test
    void bothActsAreShownWithWhatWasGained() {
        better();
        SecondAct act = story.secondAct(2, 120);
        assertThat(act.failure()).isEmpty();
        assertThat(act.table())
                .containsExactly(
                        "",
                        "                images   labels    teacher %    student %   seconds",
                        "  act one        1,000      120        70.00        69.00         7",
                        "  act two        1,500      240        75.00        76.00         6",
                        "  gained                               +5.00        +7.00",
                        "",
                        "  top-1 on the same held-out images; seconds from the arrival of an act's first images to the promotion of"
                                + " its student;",
                        "  the teacher is the 2nd to hold its role, the student the 2nd; the gate turned 0 down");
    }

    @Test
    void whereTheGateKeepsActOnesModelsItsEvidenceIsTold() {
        say(checkpoint("encoder-2", Stage.STAGE_PRETRAIN, "", "encoder-1", 0));
        say(checkpoint("teacher-2", Stage.STAGE_FINE_TUNE, "encoder-2", "", 70.5));
        assertOver(false);
        judge(Role.ROLE_TEACHER, "teacher-2", 70.5, 70, Verdict.VERDICT_REJECTED, "p is 0.31");
        assertOver(true);
        assertThat(lines)
                .contains("event  not promoted: teacher teacher-2, top-1 70.50% beside the holder's 70.00%: p is 0.31");
        Optional<String> failure = story.secondAct(2, 120).failure();
        assertThat(failure.orElseThrow().lines())
                .containsExactly(
                        "The new images and labels gave no better teacher and no better student: act one's keeps the role. The"
                                + " gate has turned down:",
                        "  teacher teacher-2, top-1 70.50% beside the holder's 70.00%: p is 0.31");
    }

    @Test
    void aStudentThatIsTurnedDownIsAFailureToo() {
        say(checkpoint("encoder-2", Stage.STAGE_PRETRAIN, "", "encoder-1", 0));
        say(checkpoint("teacher-2", Stage.STAGE_FINE_TUNE, "encoder-2", "", 75));
        promote(Role.ROLE_TEACHER, "teacher-2");
        say(checkpoint("student-2", Stage.STAGE_DISTILL, "teacher-2", "", 69.5));
        judge(Role.ROLE_STUDENT, "student-2", 69.5, 69, Verdict.VERDICT_AWAITING_APPROVAL, "p is 0.01");
        assertOver(true);
        assertThat(story.secondAct(2, 120).failure().orElseThrow())
                .startsWith("The new images and labels gave no better student: ")
                .endsWith("top-1 69.50% beside the holder's 69.00%: a person has to approve it: p is 0.01");
    }

    /** The new encoder goes on from the first, so its teacher took the seconds of both. */
    @Test
    void secondsOfWhatATrainingWentOnFromCountOnce() {
        better();
        CheckpointPublished teacher = story.holder(Role.ROLE_TEACHER).orElseThrow();
        assertThat(story.trainingSeconds(teacher)).isEqualTo(30);
        assertThat(story.trainingSeconds(story.first(Role.ROLE_TEACHER).orElseThrow()))
                .isEqualTo(20);
    }

    @Test
    void theJsonHasASecondActOnlyIfThereWasOne(@TempDir Path directory) throws Exception {
        better();
        DemoResult.Model model = new DemoResult.Model(70, 1, 2, "c");
        DemoResult result = new DemoResult(1, model, model, model, 5, 6, 7, 8, "o", "m", Optional.empty());
        Path file = directory.resolve("result.json");
        result.writeJson(file);
        assertThat(Files.readString(file)).doesNotContain("second_act").contains("\"manifest\" : \"m\"");
        result.with(story.secondAct(2, 120)).writeJson(file);
        assertThat(Files.readString(file).replaceAll("\\s+", ""))
                .contains("\"second_act\":{\"before\":{\"images\":1000,\"labels\":120,\"teacher\":{\"top1\":70.0,"
                        + "\"promotion\":1,\"checkpoint\":\"teacher-1\"}")
                .contains("\"rejected\":[]");
    }

    private void better() {
        say(checkpoint("encoder-2", Stage.STAGE_PRETRAIN, "", "encoder-1", 0));
        say(checkpoint("teacher-2", Stage.STAGE_FINE_TUNE, "encoder-2", "", 75));
        promote(Role.ROLE_TEACHER, "teacher-2");
        say(checkpoint("student-2", Stage.STAGE_DISTILL, "teacher-2", "", 76));
        promote(Role.ROLE_STUDENT, "student-2");
    }

    private void assertOver(boolean expected) {
        assertThat(story.isSecondActOver()).isEqualTo(expected);
    }

    private void say(Message fact) {
        story.add(new Fact(fact, "/tutelage/test", Instant.ofEpochSecond(now++)));
    }

    private void promote(Role role, String checkpoint) {
        say(Promoted.newBuilder()
                .setTask(TASK)
                .setRole(role)
                .setCheckpoint(checkpoint)
                .build());
    }

    private void judge(Role role, String checkpoint, double top1, double holder, Verdict verdict, String reason) {
        say(CandidateJudged.newBuilder()
                .setTask(TASK)
                .setRole(role)
                .setCheckpoint(checkpoint)
                .setVerdict(verdict)
                .setEvidence(GateEvidence.newBuilder()
                        .setCandidateTop1(top1)
                        .setHolderTop1(holder)
                        .setReason(reason))
                .build());
    }

    private static ShardAdded shard(String digest, int images, boolean labeled) {
        return ShardAdded.newBuilder()
                .setTask(TASK)
                .setShard(Artifact.newBuilder().setDigest(digest))
                .setImages(images)
                .setLabeled(labeled)
                .setSplit(Split.SPLIT_TRAIN)
                .build();
    }

    private static RunChanged run(String id, RunState state) {
        return RunChanged.newBuilder()
                .setTask(TASK)
                .setRunId(id)
                .setStage(Stage.STAGE_LABEL)
                .setState(state)
                .build();
    }

    private static CheckpointPublished checkpoint(
            String digest, Stage stage, String parent, String start, double top1) {
        return CheckpointPublished.newBuilder()
                .setTask(TASK)
                .setDigest(digest)
                .setStage(stage)
                .setParent(parent)
                .setStart(start)
                .setSeconds(10)
                .putMetrics("top1", top1)
                .build();
    }

    private final class Listening implements Story.Announcer {
        @Override
        public void say(String line) {
            lines.add(line);
        }

        @Override
        public void progress(String line) {}
    }
}
