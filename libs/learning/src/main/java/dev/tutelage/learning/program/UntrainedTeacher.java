package dev.tutelage.learning.program;

import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.format.Architecture;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Provenance;
import dev.tutelage.learning.format.Stage;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a classifier with random weights as a checkpoint: it knows nothing and takes as long as one that does. */
public final class UntrainedTeacher {

    private UntrainedTeacher() {}

    /**
     * Writes the checkpoint.
     *
     * @param arguments the directory to write, the task's name, its class names with commas between them, its image's
     *     channels, height and width with x between them, the preset of pretraining whose encoder to take, a seed
     */
    public static void main(String[] arguments) throws IOException {
        List<String> classes = List.of(arguments[2].split(","));
        int[] sides = Arrays.stream(arguments[3].split("x"))
                .mapToInt(Integer::parseInt)
                .toArray();
        ImageShape shape = new ImageShape(sides[0], sides[1], sides[2]);
        long seed = Long.parseLong(arguments[5]);
        Classifier classifier = Classifier.withoutHead(
                Recipes.PRETRAIN.preset(arguments[4]).encoder().resNet(shape.channels()), classes.size());
        Provenance provenance =
                new Provenance(arguments[1], Stage.FINE_TUNED, classes, shape, "{}", Optional.empty(), "none", seed);
        try (Weights weights = Weights.initialize(classifier.parameters(), new Seed(seed))) {
            Checkpoint.write(
                    Path.of(arguments[0]),
                    new Architecture.Predicting(classifier),
                    weights,
                    provenance,
                    Map.of("top1", 100.0 / classes.size()));
        }
    }
}
