package dev.tutelage.control.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A task as its file declares it.
 *
 * @param task the name: lower-case letters, digits and dashes
 * @param classes names of the classes, 2 or more, each once; a label is an index into this list
 * @param image shape of every image
 * @param seed of every random choice of every stage
 * @param recipes for each stage a preset and the fields that differ from it
 * @param policies when each stage is due
 * @param selection which soft-labeled images students learn from: fields of the learning library's selection; absent: all
 * @param sources buckets whose new objects are images of the task; absent: none
 */
public record TaskFile(
        @JsonProperty(required = true) String task,
        @JsonProperty(required = true) List<String> classes,
        @JsonProperty(required = true) Image image,
        @JsonProperty(required = true) long seed,
        @JsonProperty(required = true) StageRecipes recipes,
        @JsonProperty(required = true) StagePolicies policies,
        Optional<ObjectNode> selection,
        Optional<List<Source>> sources) {
    /** Shape of an image: [channels, height, width]. */
    public record Image(
            @JsonProperty(required = true) int channels,
            @JsonProperty(required = true) int height,
            @JsonProperty(required = true) int width) {}

    /**
     * Recipes by stage, each an object with the field {@code preset} and any fields of the stage's recipe.
     *
     * @param supervised absent: no supervised baseline is trained
     * @param selfDistill of the teacher to its own kind; absent: the fine-tuned teacher teaches the student itself
     */
    public record StageRecipes(
            @JsonProperty(required = true) ObjectNode pretrain,
            @JsonProperty(required = true) ObjectNode fineTune,
            Optional<ObjectNode> supervised,
            @JsonProperty(required = true) ObjectNode label,
            @JsonProperty(required = true) ObjectNode distill,
            Optional<ObjectNode> selfDistill) {}

    /**
     * Policies by stage.
     *
     * @param pretrainMinImages unlabeled images that start pretraining
     * @param fineTuneMinLabels labeled images that fine-tuning uses
     * @param distillMinImages soft-labeled images that start distillation
     * @param evaluationMinImages held-out images that checkpoints are evaluated on
     * @param promotionMinTop1 held-out top-1 in percent below which nothing is promoted
     * @param relabel what a new teacher labels of the shards that came before it: {@code none}, {@code all}, {@code newest
     *     N} images, or {@code uncertain first}; absent: all
     * @param promotion who has the last word about a checkpoint that the gate found good: {@code automatic}, which is
     *     nobody, or {@code manual}; absent: automatic
     * @param gate what a checkpoint must show to take a role; absent: by the defaults
     * @param generations whether students become teachers; absent: not
     * @param drift when it is reported that images drift away from what the teacher knows; absent: by the defaults
     * @param retention what housekeeping may remove; absent: by the defaults
     * @param retrain when stages that have run once are due again, by stage; absent: by the defaults
     */
    public record StagePolicies(
            @JsonProperty(required = true) int pretrainMinImages,
            @JsonProperty(required = true) int fineTuneMinLabels,
            @JsonProperty(required = true) int distillMinImages,
            @JsonProperty(required = true) int evaluationMinImages,
            @JsonProperty(required = true) double promotionMinTop1,
            Optional<String> relabel,
            Optional<String> promotion,
            Optional<GateYaml.Gate> gate,
            Optional<GateYaml.Rounds> generations,
            Optional<Drift> drift,
            Optional<Retention> retention,
            Optional<ObjectNode> retrain) {}

    /**
     * What housekeeping keeps; each field has a default.
     *
     * @param checkpoints of each stage, so many of the newest that never held a role
     * @param snapshots how long those of a run are kept after its end, such as {@code 1h}
     * @param softLabels how long those of a teacher are kept after it lost its role, such as {@code 30d}
     */
    public record Retention(OptionalInt checkpoints, Optional<String> snapshots, Optional<String> softLabels) {}

    /**
     * When drift is reported; each field has a default.
     *
     * @param windowImages images that are judged together
     * @param confidence population stability index of how sure the teacher is
     * @param classPrior population stability index of how often it sees each class
     * @param features squared distance of features beyond the reference's own
     */
    public record Drift(
            OptionalLong windowImages, OptionalDouble confidence, OptionalDouble classPrior, OptionalDouble features) {}

    /**
     * A part of a bucket whose new objects are images of the task.
     *
     * @param prefix of the names of its objects; absent: all
     * @param split {@code train} or {@code held-out}; absent: train
     * @param label class that all of its images show; absent: none is said
     * @param labeled whether folders, or the {@code .cls} of tars, are labels; absent: not
     */
    public record Source(
            @JsonProperty(required = true) String bucket,
            Optional<String> prefix,
            Optional<String> split,
            Optional<String> label,
            Optional<Boolean> labeled) {}
}
