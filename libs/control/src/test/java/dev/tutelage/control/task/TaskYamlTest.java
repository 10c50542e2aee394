package dev.tutelage.control.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.event.v1.DriftPolicy;
import dev.tutelage.event.v1.Relabel;
import dev.tutelage.event.v1.RelabelKind;
import dev.tutelage.event.v1.Retention;
import dev.tutelage.event.v1.TaskDeclared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskYamlTest {
    private static final String VALID =
            TaskFiles.BIRDS.replace("pretrain: {preset: quick}", "pretrain: {preset: quick, epochs: 5}");

    @TempDir
    private Path directory;

    @Test
    void aFileBecomesTheFactThatDeclaresItsTask() throws Exception {
        TaskDeclared task = read(VALID, OptionalLong.empty());
        assertThat(task.getTask()).isEqualTo("birds");
        assertThat(task.getClassesList()).containsExactly("wren", "robin");
        assertThat(task.getImage().getWidth()).isEqualTo(48);
        assertThat(task.getPolicies().getPromotionMinTop1()).isEqualTo(12.5);
        assertThat(task.getRecipes().getPretrain()).contains("\"epochs\":5").contains("\"seed\":7");
        assertThat(task.getRecipes().getSupervised())
                .as("no baseline asked for")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    none,            RELABEL_KIND_NONE,            0
                    all,             RELABEL_KIND_ALL,             0
                    newest 12000,    RELABEL_KIND_NEWEST,          12000
                    uncertain first, RELABEL_KIND_UNCERTAIN_FIRST, 0
                    """)
    void aNewTeacherLabelsTheOldShardsThatThePolicyNames(String policy, RelabelKind kind, long images)
            throws Exception {
        TaskDeclared task = read(VALID + "  relabel: " + policy + "\n", OptionalLong.empty());
        assertThat(task.getPolicies().getRelabel())
                .isEqualTo(Relabel.newBuilder()
                        .setKind(kind)
                        .setNewestImages(images)
                        .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"some", "newest", "newest 0", "newest -1", "newest 1e3", "uncertain"})
    void aPolicyOfNoSuchNameIsAnErrorThatNamesThem(String policy) {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read(VALID + "  relabel: " + policy + "\n", OptionalLong.empty()))
                .withMessageContaining("field 'policies.relabel' must be none, all, newest N")
                .withMessageContaining("'" + policy + "'");
    }

    @Test
    void theThresholdsOfDriftMayBeNamedEachOrNone() throws Exception {
        assertThat(read(VALID, OptionalLong.empty()).getPolicies().hasDrift()).isFalse();
        TaskDeclared task = read(VALID + "  drift: {window-images: 600, features: 0.2}\n", OptionalLong.empty());
        assertThat(task.getPolicies().getDrift())
                .isEqualTo(DriftPolicy.newBuilder()
                        .setWindowImages(600)
                        .setFeatures(0.2)
                        .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"window-images: 1", "confidence: 0", "class-prior: -1", "features: 0", "feature: 1"})
    void anImpossibleThresholdIsNamed(String field) {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read(VALID + "  drift: {" + field + "}\n", OptionalLong.empty()))
                .withMessageContaining("policies.drift." + field.substring(0, field.indexOf(':')));
    }

    @Test
    void whatIsKeptMayBeNamedEachOrNone() throws Exception {
        assertThat(read(VALID, OptionalLong.empty()).getPolicies().hasRetention())
                .isFalse();
        assertThat(read(
                                VALID + "  retention: {checkpoints: 3, snapshots: 90m, soft-labels: 30d}\n",
                                OptionalLong.empty())
                        .getPolicies()
                        .getRetention())
                .isEqualTo(Retention.newBuilder()
                        .setCheckpoints(3)
                        .setSnapshotsMillis(5_400_000)
                        .setSoftLabelsMillis(2_592_000_000L)
                        .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkpoints: 0", "snapshots: 0s", "snapshots: soon", "soft-labels: -1d", "shards: 1d"})
    void anImpossibleRetentionIsNamed(String field) {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read(VALID + "  retention: {" + field + "}\n", OptionalLong.empty()))
                .withMessageContaining("policies.retention." + field.substring(0, field.indexOf(':')));
    }

    @Test
    void aSeedFromOutsideReplacesTheFilesInEveryRecipe() throws Exception {
        TaskDeclared task = read(VALID, OptionalLong.of(8));
        assertThat(task.getRecipes().getPretrain()).contains("\"seed\":8");
        assertThat(task.getRecipes().getDistill()).contains("\"seed\":8");
    }

    @Test
    void aSelectionIsDeclaredUnlessItIsOfEverything() throws Exception {
        assertThat(read(VALID, OptionalLong.empty()).getSelection()).isEmpty();
        assertThat(read(VALID + "selection: {topPerClass: 0}\n", OptionalLong.of(8)))
                .isEqualTo(read(VALID, OptionalLong.of(8)));
        assertThat(read(VALID + "selection: {minConfidence: 0.90, agreement: 2}\n", OptionalLong.empty())
                        .getSelection())
                .isEqualTo("{\"agreement\":2,\"maxImbalance\":0,\"minConfidence\":0.9,\"seed\":7,\"topPerClass\":0}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{minConfidence: 2}        | field 'selection': selection recipe: minConfidence must be 0..1, not 2.0",
                "{min-confidence: 0.5}     | field 'selection': selection recipe: unknown field min-confidence; did you mean minConfidence?",
                "{agreement: two}          | field 'selection': selection recipe: agreement",
                "{maxImbalance: 0.1}       | field 'selection': selection recipe: maxImbalance must be 0 or 1..1000000",
                "everything                | selection",
            })
    void whatIsWrongWithASelectionIsNamed(String selection, String named) {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read(VALID + "selection: " + selection + "\n", OptionalLong.empty()))
                .withMessageStartingWith(file().toString())
                .withMessageContaining(named);
    }

    @Test
    void aSelectionNeedsSoftLabels() {
        String live = VALID.replace("distill: {preset: quick}", "distill: {preset: quick, teacher: LIVE}")
                + "selection: {agreement: 2}\n";
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read(live, OptionalLong.empty()))
                .withMessageContaining("field 'selection' must be left out, or recipes.distill.teacher STORED");
    }

    /** A line of the valid file, what stands there instead, and what the message must name. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seed: 7                   | sead: 7                        | unknown field 'sead'; did you mean 'seed'?",
                "fine-tune: {preset        | finetune: {preset              | unknown field 'recipes.finetune'",
                "epochs: 5                 | epoch: 5                       | field 'recipes.pretrain': pretrain recipe: unknown field epoch; did you mean epochs?",
                "epochs: 5                 | epochs: 0                      | epochs",
                "epochs: 5                 | epochs: many                   | epochs",
                "preset: quick, epochs     | preset: brisk, epochs          | brisk",
                "preset: quick, epochs     | epochs                         | recipes.pretrain.preset",
                "task: birds               | task: My Birds                 | field 'task' must be",
                "task: birds               | 'classes: [a, b]'              | Duplicate field 'classes'",
                "[wren, robin]             | [wren]                         | field 'classes' must be 2 or more names",
                "[wren, robin]             | '[wren, wren]'                 | field 'classes' must be names that differ",
                "channels: 3               | channels: 5                    | field 'image.channels' must be 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA)",
                "channels: 3               | channels: 0                    | field 'image.channels' must be 1",
                "height: 32                | height: 5                      | field 'image.height' must be 8..4096",
                "height: 32                | height: tall                   | image.height",
                "height: 32                | height: 32.5                   | image.height",
                "pretrain-min-images: 100  | pretrain-min-images: 1         | policies.pretrain-min-images",
                "pretrain-min-images: 100  | pretrain-min-image: 100        | did you mean 'pretrain-min-images'?",
                "promotion-min-top1: 12.5  | promotion-min-top1: 101        | policies.promotion-min-top1",
                "task: birds               | 'task: @birds'                  | not valid YAML",
            })
    void whatIsWrongIsNamedWithTheFile(String line, String instead, String named) {
        assertThat(VALID).contains(line);
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read(VALID.replace(line, instead), OptionalLong.empty()))
                .withMessageStartingWith(file().toString())
                .withMessageContaining(named);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read(VALID.replace("seed: 7\n", ""), OptionalLong.empty()))
                .withMessageContaining("field 'seed' is missing");
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read(VALID.replace("height: 32, ", ""), OptionalLong.empty()))
                .withMessageContaining("field 'image.height' is missing");
    }

    @Test
    void aFileDeclaresOneTask() {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read(VALID + "---\n" + VALID, OptionalLong.empty()))
                .withMessageContaining("declares 2 tasks");
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read("", OptionalLong.empty()))
                .withMessageContaining("declares 0 tasks");
    }

    @Test
    void aFileThatIsNotThereIsTold() {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> TaskYaml.read(directory.resolve("none.yaml"), OptionalLong.empty()))
                .withMessageContaining("none.yaml: there is no such file");
    }

    private Path file() {
        return directory.resolve("task.yaml");
    }

    private TaskDeclared read(String yaml, OptionalLong seed) throws IOException, InvalidTaskException {
        return TaskYaml.read(Files.writeString(file(), yaml), seed);
    }
}
