package dev.tutelage.student;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ArtifactsExpired;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Condition;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Recipes;
import dev.tutelage.event.v1.Retraining;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.StagePolicy;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.trigger.Decision;
import dev.tutelage.platform.trigger.Gate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DistillTriggerTest {

    private static final String TASK = "birds";

    private final Ledger ledger = new Ledger();

    @Test
    void storedLabelsOfTheWholePrefixAreAwaited() {
        begin("{}", Optional.empty());
        teach("pretrained", "teacher", Stage.STAGE_FINE_TUNE, 60);
        assertThat(requests()).isEmpty();
        softLabels("u1", "teacher");
        assertThat(requests()).isEmpty();
        softLabels("u2", "teacher");
        Decision.Request request = request();
        assertThat(request.stage()).isEqualTo(Stage.STAGE_DISTILL);
        assertThat(request.parent()).contains("teacher");
        assertThat(request.start()).isEmpty();
        Dataset dataset = dataset(request);
        assertThat(dataset.softLabels()).extracting(Dataset.Part::digest).containsExactly("u1-teacher", "u2-teacher");
        assertThat(dataset.labeled()).isEmpty();
    }

    @Test
    void labelsThatHaveExpiredAreNeitherLearnedFromNorAwaited() {
        begin("{}", Optional.empty());
        teach("pretrained", "teacher", Stage.STAGE_FINE_TUNE, 60);
        softLabels("u1", "teacher");
        softLabels("u2", "teacher");
        ledger.add(ArtifactsExpired.newBuilder()
                .setTask(TASK)
                .addArtifacts(Artifact.newBuilder().setDigest("u1-teacher"))
                .build());
        assertThat(dataset(request()).softLabels())
                .extracting(Dataset.Part::digest)
                .containsExactly("u2-teacher");
    }

    @Test
    void aLiveTeacherNeedsNoSoftLabels() {
        begin("{\"teacher\":\"LIVE\"}", Optional.empty());
        teach("pretrained", "teacher", Stage.STAGE_FINE_TUNE, 60);
        assertThat(dataset(request()).softLabels()).isEmpty();
    }

    @Test
    void labelsThatTakePartAreAwaitedToo() {
        begin("{\"teacher\":\"LIVE\",\"alpha\":0.5}", Optional.empty());
        teach("pretrained", "teacher", Stage.STAGE_FINE_TUNE, 60);
        assertThat(requests()).isEmpty();
        ledger.add(shard("l1").toBuilder().setLabeled(true).build());
        assertThat(dataset(request()).labeled())
                .extracting(Dataset.Part::digest)
                .containsExactly("l1");
    }

    @Test
    void aStudentMayStartFromThePretrainedEncoder() {
        begin("{\"teacher\":\"LIVE\",\"start\":\"PRETRAINED\"}", Optional.empty());
        ledger.add(checkpoint("pretrained", "", Stage.STAGE_PRETRAIN, 0));
        teach("pretrained", "teacher", Stage.STAGE_FINE_TUNE, 60);
        assertThat(request().start()).contains("pretrained");
    }

    /** Its own student does not set off another one. */
    @Test
    void aStudentMayStartFromTheOneBeforeItsTeacher() {
        begin("{\"teacher\":\"LIVE\",\"start\":\"PREVIOUS_STUDENT\"}", Optional.empty());
        teach("pretrained", "teacher-1", Stage.STAGE_FINE_TUNE, 60);
        assertThat(request().start()).isEmpty();
        ask();
        ledger.add(checkpoint("student-1", "teacher-1", Stage.STAGE_DISTILL, 55));
        promote("student-1", Role.ROLE_STUDENT);
        assertThat(requests()).isEmpty();
        teach("pretrained-2", "teacher-2", Stage.STAGE_FINE_TUNE, 70);
        assertThat(request().start()).contains("student-1");
        ask();
        ledger.add(checkpoint("student-2", "teacher-2", Stage.STAGE_DISTILL, 65));
        promote("student-2", Role.ROLE_STUDENT);
        assertThat(requests()).isEmpty();
    }

    @Test
    void theTeacherIsDistilledToItselfFirst() {
        begin("{\"teacher\":\"LIVE\"}", Optional.of("{\"teacher\":\"LIVE\",\"temperature\":0.1}"));
        teach("pretrained", "teacher", Stage.STAGE_FINE_TUNE, 60);
        assertThat(request().stage()).isEqualTo(Stage.STAGE_SELF_DISTILL);
        assertThat(request().recipe()).contains("\"temperature\":0.1");

        ledger.add(checkpoint("self", "teacher", Stage.STAGE_SELF_DISTILL, 62));
        assertThat(requests()).as("a better teacher is about to take over").isEmpty();
        promote("self", Role.ROLE_TEACHER);
        assertThat(request().stage()).isEqualTo(Stage.STAGE_DISTILL);
        assertThat(request().parent()).contains("self");
    }

    @Test
    void aTeacherThatIsNoWorseThanItsSelfDistilledKindTeaches() {
        begin("{\"teacher\":\"LIVE\"}", Optional.of("{\"teacher\":\"LIVE\"}"));
        teach("pretrained", "teacher", Stage.STAGE_FINE_TUNE, 60);
        ledger.add(checkpoint("self", "teacher", Stage.STAGE_SELF_DISTILL, 58));
        assertThat(requests()).as("the gate has not said a word").isEmpty();
        reject("self");
        assertThat(request().stage()).isEqualTo(Stage.STAGE_DISTILL);
        assertThat(request().parent()).contains("teacher");
    }

    @Test
    void aStudentThatHasBecomeTheTeacherTeachesTheNextOne() {
        begin("{}", Optional.of("{}"));
        teach("pretrained", "teacher", Stage.STAGE_FINE_TUNE, 60);
        ledger.add(checkpoint("student-1", "teacher", Stage.STAGE_DISTILL, 70));
        promote("student-1", Role.ROLE_STUDENT);
        promote("student-1", Role.ROLE_TEACHER);
        assertThat(requests()).as("it labels first").isEmpty();
        softLabels("u1", "student-1");
        softLabels("u2", "student-1");
        assertThat(request().stage()).isEqualTo(Stage.STAGE_DISTILL);
        assertThat(request().parent()).contains("student-1");
    }

    @Test
    void aFailedSelfDistillationHoldsNobodyUp() {
        begin("{\"teacher\":\"LIVE\"}", Optional.of("{\"teacher\":\"LIVE\"}"));
        teach("pretrained", "teacher", Stage.STAGE_FINE_TUNE, 60);
        ledger.add(RunChanged.newBuilder()
                .setTask(TASK)
                .setRunId("r")
                .setStage(Stage.STAGE_SELF_DISTILL)
                .setParent("teacher")
                .setState(RunState.RUN_STATE_FAILED)
                .build());
        assertThat(request().stage()).isEqualTo(Stage.STAGE_DISTILL);
    }

    @Test
    void teachersThatAreToAgreeAreAwaited() {
        begin("{}", Optional.empty(), "{\"agreement\":3}");
        teach("pretrained", "teacher-1", Stage.STAGE_FINE_TUNE, 60);
        softLabels("u1", "teacher-1");
        softLabels("u2", "teacher-1");
        assertThat(dataset(request()).earlierSoftLabels())
                .as("there was no teacher before")
                .isEmpty();
        assertThat(dataset(request()).selection()).contains("\"agreement\":3");

        teach("pretrained", "teacher-2", Stage.STAGE_FINE_TUNE, 61);
        teach("pretrained", "teacher-3", Stage.STAGE_FINE_TUNE, 62);
        teach("pretrained", "teacher-4", Stage.STAGE_FINE_TUNE, 63);
        softLabels("u1", "teacher-4");
        softLabels("u2", "teacher-4");
        softLabels("u1", "teacher-3");
        softLabels("u2", "teacher-3");
        softLabels("u2", "teacher-2");
        assertThat(requests()).isEmpty();
        softLabels("u1", "teacher-2");
        Decision.Request request = request();
        assertThat(request.parent()).contains("teacher-4");
        assertThat(dataset(request).softLabels())
                .extracting(Dataset.Part::digest)
                .containsExactly("u1-teacher-4", "u2-teacher-4");
        assertThat(dataset(request).earlierSoftLabels())
                .extracting(Dataset.Part::digest)
                .containsExactly("u1-teacher-2", "u2-teacher-2", "u1-teacher-3", "u2-teacher-3");
    }

    @Test
    void itIsOfAllThatTheTeachersHaveDealtWithInOneRun() {
        begin("{}", Optional.empty(), "{\"agreement\":2}");
        ledger.add(shard("u4"));
        ledger.add(shard("u5"));
        teach("pretrained", "teacher-1", Stage.STAGE_FINE_TUNE, 60);
        teach("pretrained", "teacher-2", Stage.STAGE_FINE_TUNE, 61);
        for (String shard : List.of("u1", "u2", "u3", "u5")) {
            softLabels(shard, "teacher-1");
            softLabels(shard, "teacher-2");
        }
        softLabels("u4", "teacher-2");
        assertThat(dataset(request()).shards()).extracting(Dataset.Part::digest).containsExactly("u1", "u2", "u3");
        softLabels("u4", "teacher-1");
        assertThat(dataset(request()).shards())
                .extracting(Dataset.Part::digest)
                .containsExactly("u1", "u2", "u3", "u4", "u5");
        assertThat(request().grounds().orElseThrow().extent().getSoftLabeledShards())
                .isEqualTo(5);
    }

    @Test
    void aNewTeacherIsLearnedFromWhenItHasDealtWithTheBacklog() {
        Instant before = Instant.parse("2026-03-02T10:00:00Z");
        begin("{}", Optional.empty());
        ledger.add(
                Promoted.newBuilder()
                        .setTask(TASK)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint("teacher")
                        .build(),
                before);
        ledger.add(checkpoint("teacher", "pretrained", Stage.STAGE_FINE_TUNE, 60));
        ledger.add(shard("live"), before.plusSeconds(1));
        softLabels("u1", "teacher");
        softLabels("u2", "teacher");
        assertThat(requests()).as("there are enough, but u3 was there, too").isEmpty();
        softLabels("u3", "teacher");
        assertThat(dataset(request()).shards()).extracting(Dataset.Part::digest).containsExactly("u1", "u2", "u3");
    }

    @Test
    void newSoftLabelsOfTheSameTeacherMakeItDueByThePolicy() {
        begin("{}", Optional.empty());
        retrain(Condition.newBuilder().setNewSoftLabels(15).build());
        teach("pretrained", "teacher", Stage.STAGE_FINE_TUNE, 60);
        softLabels("u1", "teacher");
        softLabels("u2", "teacher");
        ask();
        softLabels("u3", "teacher");
        assertThat(requests()).as("10 are too few").isEmpty();
        ledger.add(shard("u4"));
        softLabels("u4", "teacher");
        assertThat(dataset(request()).shards()).hasSize(4);
        assertThat(request().reason()).contains("20 soft labels have come since");
    }

    @Test
    void anotherSelectionMakesItDue() {
        begin("{}", Optional.empty());
        teach("pretrained", "teacher", Stage.STAGE_FINE_TUNE, 60);
        softLabels("u1", "teacher");
        softLabels("u2", "teacher");
        ask();
        assertThat(requests()).isEmpty();
        ledger.add(
                ledger.task(TASK).orElseThrow().declaration().toBuilder()
                        .setSelection(
                                "{\"agreement\":1,\"maxImbalance\":0,\"minConfidence\":0.5,\"seed\":0,\"topPerClass\":0}")
                        .build(),
                Instant.EPOCH.plusSeconds(1));
        assertThat(dataset(request()).selection()).contains("0.5");
    }

    /** A cancelled run ends without a result, as a failed one does. */
    @Test
    void aCancelledSelfDistillationHoldsNobodyUp() {
        begin("{\"teacher\":\"LIVE\"}", Optional.of("{\"teacher\":\"LIVE\"}"));
        teach("pretrained", "teacher", Stage.STAGE_FINE_TUNE, 60);
        ask();
        assertThat(requests()).as("it is asked for once").isEmpty();
        ledger.add(RunChanged.newBuilder()
                .setTask(TASK)
                .setRunId("STAGE_SELF_DISTILL-1")
                .setStage(Stage.STAGE_SELF_DISTILL)
                .setParent("teacher")
                .setState(RunState.RUN_STATE_CANCELLED)
                .build());
        assertThat(request().stage()).isEqualTo(Stage.STAGE_DISTILL);
    }

    @Test
    void aShardThatAnEarlierTeacherFoundUnusableHoldsNobodyUp() {
        begin("{}", Optional.empty(), "{\"agreement\":2}");
        teach("pretrained", "teacher-1", Stage.STAGE_FINE_TUNE, 60);
        teach("pretrained", "teacher-2", Stage.STAGE_FINE_TUNE, 61);
        softLabels("u1", "teacher-2");
        softLabels("u2", "teacher-2");
        unusable("u1", "teacher-1");
        assertThat(requests()).isEmpty();
        softLabels("u2", "teacher-1");
        assertThat(dataset(request()).earlierSoftLabels())
                .extracting(Dataset.Part::digest)
                .containsExactly("u2-teacher-1");
    }

    @Test
    void aShardThatTheTeacherFoundUnusableIsAskedOfNobody() {
        begin("{}", Optional.empty(), "{\"agreement\":2}");
        teach("pretrained", "teacher-1", Stage.STAGE_FINE_TUNE, 60);
        teach("pretrained", "teacher-2", Stage.STAGE_FINE_TUNE, 61);
        unusable("u1", "teacher-2");
        softLabels("u2", "teacher-2");
        softLabels("u2", "teacher-1");
        assertThat(dataset(request()).shards()).extracting(Dataset.Part::digest).containsExactly("u2");
        softLabels("u1", "teacher-1");
        assertThat(dataset(request()).earlierSoftLabels())
                .extracting(Dataset.Part::digest)
                .containsExactly("u2-teacher-1");
    }

    @Test
    void otherSelectionsAwaitNobodyElse() {
        begin("{}", Optional.empty(), "{\"minConfidence\":0.5}");
        teach("pretrained", "teacher-1", Stage.STAGE_FINE_TUNE, 60);
        teach("pretrained", "teacher-2", Stage.STAGE_FINE_TUNE, 61);
        softLabels("u1", "teacher-2");
        softLabels("u2", "teacher-2");
        assertThat(dataset(request()).selection()).contains("\"minConfidence\":0.5");
    }

    private void retrain(Condition when) {
        TaskDeclared declared = ledger.task(TASK).orElseThrow().declaration();
        ledger.add(declared.toBuilder()
                .setPolicies(declared.getPolicies().toBuilder()
                        .setRetrain(Retraining.newBuilder()
                                .setDistill(StagePolicy.newBuilder().setWhen(when))))
                .build());
    }

    /** What is due is asked for. */
    private void ask() {
        Decision.Request request = request();
        int number = ledger.task(TASK).orElseThrow().requests(request.stage()).size() + 1;
        ledger.add(RunRequested.newBuilder()
                .setTask(TASK)
                .setRunId(request.stage() + "-" + number)
                .setStage(request.stage())
                .setParent(request.parent().orElseThrow())
                .setRecipe(request.recipe())
                .setNumber(number)
                .setExtent(request.grounds().orElseThrow().extent())
                .build());
    }

    private void unusable(String shard, String teacher) {
        ledger.add(RunChanged.newBuilder()
                .setTask(TASK)
                .setRunId(shard + teacher)
                .setStage(Stage.STAGE_LABEL)
                .setParent(teacher)
                .setDataset(shard)
                .setState(RunState.RUN_STATE_FAILED)
                .build());
    }

    private void begin(String distill, Optional<String> selfDistill) {
        begin(distill, selfDistill, "{}");
    }

    private void begin(String distill, Optional<String> selfDistill, String selection) {
        var selections = dev.tutelage.learning.recipe.Recipes.SELECTION;
        Recipes.Builder recipes = Recipes.newBuilder().setDistill(recipe(distill));
        selfDistill.ifPresent(self -> recipes.setSelfDistill(recipe(self)));
        ledger.add(TaskDeclared.newBuilder()
                .setTask(TASK)
                .addClasses("wren")
                .addClasses("robin")
                .setRecipes(recipes)
                .setSelection(
                        selection.equals("{}")
                                ? ""
                                : selections.write(selections.override(selections.preset("everything"), selection)))
                .setPolicies(Policies.newBuilder()
                        .setDistillMinImages(20)
                        .setEvaluationMinImages(10)
                        .setFineTuneMinLabels(10))
                .build());
        ledger.add(shard("u1"));
        ledger.add(shard("u2"));
        ledger.add(shard("u3"));
        ledger.add(shard("h1").toBuilder()
                .setLabeled(true)
                .setSplit(Split.SPLIT_HELD_OUT)
                .build());
    }

    private static String recipe(String overrides) {
        var kind = dev.tutelage.learning.recipe.Recipes.DISTILL;
        return kind.write(kind.override(kind.preset("quick"), overrides));
    }

    private void teach(String parent, String digest, Stage stage, double top1) {
        ledger.add(checkpoint(digest, parent, stage, top1));
        promote(digest, Role.ROLE_TEACHER);
    }

    private void reject(String teacher) {
        ledger.add(CandidateJudged.newBuilder()
                .setTask(TASK)
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(teacher)
                .setVerdict(Verdict.VERDICT_REJECTED)
                .build());
    }

    private void promote(String digest, Role role) {
        ledger.add(Promoted.newBuilder()
                .setTask(TASK)
                .setRole(role)
                .setCheckpoint(digest)
                .build());
    }

    private void softLabels(String shard, String teacher) {
        ledger.add(SoftLabelsAdded.newBuilder()
                .setTask(TASK)
                .setShard(shard)
                .setTeacher(teacher)
                .setLogits(Artifact.newBuilder().setDigest(shard + "-" + teacher))
                .setImages(10)
                .build());
    }

    private static CheckpointPublished checkpoint(String digest, String parent, Stage stage, double top1) {
        return CheckpointPublished.newBuilder()
                .setTask(TASK)
                .setDigest(digest)
                .setParent(parent)
                .setStage(stage)
                .putMetrics("top1", top1)
                .build();
    }

    private static ShardAdded shard(String digest) {
        return ShardAdded.newBuilder()
                .setTask(TASK)
                .setShard(Artifact.newBuilder().setDigest(digest))
                .setImages(10)
                .setSplit(Split.SPLIT_TRAIN)
                .build();
    }

    private List<Decision.Request> requests() {
        return new DistillTrigger(new Gate(checkpoint -> Optional.empty()), Clock.systemUTC())
                .decide(ledger.task(TASK).orElseThrow()).stream()
                        .filter(Decision.Request.class::isInstance)
                        .map(Decision.Request.class::cast)
                        .toList();
    }

    private Decision.Request request() {
        List<Decision.Request> requests = requests();
        assertThat(requests).hasSize(1);
        return requests.get(0);
    }

    private static Dataset dataset(Decision.Request request) {
        return ((Decision.Input.OfDataset) request.input()).dataset();
    }
}
