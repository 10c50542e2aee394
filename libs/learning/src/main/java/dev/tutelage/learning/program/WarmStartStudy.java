package dev.tutelage.learning.program;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.train.PretrainedModel;
import dev.tutelage.learning.train.Pretraining;
import dev.tutelage.learning.train.Probe;
import dev.tutelage.learning.train.TrainingContext;
import dev.tutelage.learning.train.WarmStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What going on from a checkpoint is worth, for one seed: half of the images come first, the other half when an encoder has
 * been pretrained on those. It goes on over both, or over the new ones alone, or another one begins at random over all. Cells
 * that are done are not done again, but for the first half, whose encoder the others go on from.
 */
public final class WarmStartStudy {
    /** Labels of the probes, and of the regressions on frozen features. */
    private static final int PROBED = 10_000;

    private static final int EPOCHS = 12;
    private static final List<Integer> WARM_EPOCHS = List.of(2, 4);
    private static final int SHORT = 4;

    private final PretrainRecipe recipe;
    private final ImageSet images;
    private final Probe probe;
    private final StudyCells cells;

    private WarmStartStudy(IdxPair data, StudyCells cells, long seed) {
        this.recipe = Recipes.PRETRAIN.override(
                Recipes.PRETRAIN.preset("quick"),
                "{\"start\":\"PREVIOUS\",\"epochs\":" + EPOCHS + ",\"seed\":" + seed + "}");
        this.images = data.train();
        this.probe =
                new Probe(some(data.train(), 0, Math.min(PROBED, data.train().size())), data.test(), data.classes());
        this.cells = cells;
    }

    /**
     * Runs all cells and prints each as it is done.
     *
     * @param arguments a directory with four IDX files, a working directory, a seed
     */
    public static void main(String[] arguments) throws IOException {
        long seed = Long.parseLong(arguments[2]);
        Path work = Files.createDirectories(Path.of(arguments[1]).resolve("warm-start-" + seed));
        new WarmStartStudy(IdxPair.of(Path.of(arguments[0])), new StudyCells(work.resolve("cells.jsonl")), seed).run();
    }

    private void run() throws IOException {
        ImageSet old = some(images, 0, images.size() / 2);
        ImageSet fresh = some(images, images.size() / 2, images.size());
        try (PretrainedModel first = pretrain(recipe, old, Optional.empty())) {
            cells.put("first half, " + EPOCHS + " epochs", first.metrics());
            for (int epochs : WARM_EPOCHS) {
                cell(
                        "warm start, " + epochs + " epochs of both",
                        recipe("{\"replay\":0.5,\"warmEpochs\":" + epochs + "}"),
                        fresh,
                        Optional.of(new WarmStart(first, Optional.of(old))));
            }
            cell(
                    "warm start, " + 2 * SHORT + " epochs of the new half",
                    recipe("{\"warmEpochs\":" + 2 * SHORT + "}"),
                    fresh,
                    Optional.of(new WarmStart(first, Optional.empty())));
        }
        cell("random, " + SHORT + " epochs of both", recipe("{\"epochs\":" + SHORT + "}"), images, Optional.empty());
        cell("random, " + EPOCHS + " epochs of both", recipe, images, Optional.empty());
    }

    private void cell(String name, PretrainRecipe how, ImageSet unlabeled, Optional<WarmStart> start)
            throws IOException {
        if (cells.isOpen(name)) {
            try (PretrainedModel model = pretrain(how, unlabeled, start)) {
                cells.put(name, model.metrics());
            }
        }
    }

    private PretrainedModel pretrain(PretrainRecipe how, ImageSet unlabeled, Optional<WarmStart> start) {
        return Pretraining.run(how, unlabeled, start, Optional.of(probe), TrainingContext.alone());
    }

    private PretrainRecipe recipe(String changes) {
        return Recipes.PRETRAIN.override(recipe, changes);
    }

    private static ImageSet some(ImageSet of, int from, int to) {
        return of.subset(IntStream.range(from, to).toArray());
    }
}
