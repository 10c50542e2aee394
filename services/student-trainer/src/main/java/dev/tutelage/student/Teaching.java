package dev.tutelage.student;

import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.label.Selection;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.train.LabeledShard;
import dev.tutelage.learning.train.LiveTeacher;
import dev.tutelage.learning.train.StoredLogits;
import dev.tutelage.learning.train.TeacherSignal;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.run.RunRejectedException;
import dev.tutelage.platform.run.Workspace;
import dev.tutelage.stages.ShardImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run's dataset gives a student to learn from.
 *
 * @param metrics {@code selected.<criterion>}: how many images each criterion of the dataset's selection left; empty without
 *     a selection
 */
record Teaching(TeacherSignal signal, Map<String, Double> metrics) {
    private static final Logger LOG = LoggerFactory.getLogger(Teaching.class);

    /** Beside the teacher itself. */
    static Teaching live(Checkpoint teacher, DistillRecipe recipe, Dataset dataset, Workspace workspace)
            throws IOException, RunRejectedException {
        ImageSet images = ShardImages.unlabeled(workspace, dataset, dataset.shards());
        return new Teaching(
                new LiveTeacher(
                        teacher.predicting().classifier(), teacher.weights(), images, recipe.crop(), recipe.seed()),
                Map.of());
    }

    /**
     * From soft labels, of all images or of those that the dataset selects.
     *
     * @throws RunRejectedException if the dataset is not whole
     * @throws IllegalArgumentException if its parts do not fit each other, or its selection leaves no image
     */
    static Teaching stored(Dataset dataset, Workspace workspace) throws IOException, RunRejectedException {
        List<LabeledShard> shards = labeledShards(dataset, workspace);
        if (dataset.selection().isEmpty()) {
            return new Teaching(new StoredLogits(shards), Map.of());
        }
        Selection selection = Selection.of(
                Recipes.SELECTION.read(dataset.selection()),
                shards.stream().map(LabeledShard::labels).toList(),
                softLabels(dataset.earlierSoftLabels(), workspace));
        Map<String, Double> left = selection.left().stream()
                .collect(Collectors.toMap(step -> "selected." + step.criterion(), step -> (double) step.images()));
        LOG.info("Of the soft-labeled images the selection leaves: {}", selection);
        workspace.report(RunProgressed.newBuilder().setPhase("select").putAllMetrics(left));
        Set<String> selected = selection.someImages();
        return new Teaching(new StoredLogits(shards, selected::contains), left);
    }

    private static List<LabeledShard> labeledShards(Dataset dataset, Workspace workspace)
            throws IOException, RunRejectedException {
        if (dataset.shards().size() != dataset.softLabels().size()) {
            throw new RunRejectedException("The dataset has " + dataset.shards().size() + " shards, but soft labels of "
                    + dataset.softLabels().size());
        }
        List<SoftLabels> labels = softLabels(dataset.softLabels(), workspace);
        List<LabeledShard> shards = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            ImageSet images =
                    ShardImages.of(workspace, dataset.shards().get(i), ShardImages.shape(dataset), OptionalInt.empty());
            shards.add(new LabeledShard(images, labels.get(i)));
        }
        return shards;
    }

    private static List<SoftLabels> softLabels(List<Dataset.Part> files, Workspace workspace) throws IOException {
        List<SoftLabels> labels = new ArrayList<>();
        for (Dataset.Part file : files) {
            labels.add(SoftLabels.read(workspace.fetch(file.artifact())));
        }
        return labels;
    }
}
