package dev.tutelage.learning.program;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.format.Architecture;
import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.Provenance;
import dev.tutelage.learning.format.Stage;
import dev.tutelage.learning.label.Labeling;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.label.Teacher;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.FineTuneRecipe;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.train.ClassifierModel;
import dev.tutelage.learning.train.Distillation;
import dev.tutelage.learning.train.FineTuning;
import dev.tutelage.learning.train.LabeledShard;
import dev.tutelage.learning.train.LiveTeacher;
import dev.tutelage.learning.train.PretrainedModel;
import dev.tutelage.learning.train.Pretraining;
import dev.tutelage.learning.train.Probe;
import dev.tutelage.learning.train.StoredLogits;
import dev.tutelage.learning.train.TeacherSignal;
import dev.tutelage.learning.train.TrainingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What the parts of the method are worth at small scale, for one seed: the memory, the depth of the projection head and
 * the layer to fine-tune from, stored logits against a live teacher, and MNIST with 100 labels. Cells that are done are
 * not done again.
 */
public final class LearningStudy {

    private static final int PROBED = 10_000;
    private static final int[] DEPTHS = {2, 3, 4};
    private static final int[] LAYERS = {0, 1, 2};

    private final Path work;
    private final long seed;
    private final StudyCells cells;

    private LearningStudy(Path work, long seed) throws IOException {
        this.work = work;
        this.seed = seed;
        this.cells = new StudyCells(work.resolve("cells.jsonl"));
    }

    /**
     * Runs all cells and prints each as it is done.
     *
     * @param arguments {@code fashion-mnist} or {@code mnist}, a directory with its four IDX files, a working directory, a
     *     seed
     */
    public static void main(String[] arguments) throws IOException {
        long seed = Long.parseLong(arguments[3]);
        Path work = Path.of(arguments[2]).resolve(arguments[0] + "-" + seed);
        LearningStudy study = new LearningStudy(Files.createDirectories(work), seed);
        IdxPair images = IdxPair.of(Path.of(arguments[1]));
        switch (arguments[0]) {
            case "fashion-mnist" -> study.fashionMnist(images);
            case "mnist" -> study.mnist(images);
            default -> throw new IllegalArgumentException("there is no study of " + arguments[0]);
        }
    }

    private void fashionMnist(IdxPair images) throws IOException {
        for (int depth : DEPTHS) {
            String name = "depth-" + depth;
            PretrainRecipe recipe = pretrain("{\"head\":{\"depth\":" + depth + "}}");
            for (int layer : LAYERS) {
                String cell = "head depth " + depth + ", layer " + layer;
                if (cells.isOpen(cell)) {
                    cells.put(cell, fineTuned(name, recipe, images, layer));
                }
            }
        }
        memory(images);
        signals("depth-3", pretrain("{}"), images, fineTune(0.01, 1), distill("{}"));
    }

    private void memory(IdxPair images) throws IOException {
        PretrainRecipe on = pretrain("{\"memory\":{\"queue\":4096,\"momentum\":0.99}}");
        if (cells.isOpen("memory off")) {
            cells.put("memory off", probed("depth-3", pretrain("{}"), images));
        }
        if (cells.isOpen("memory on")) {
            cells.put("memory on", probed("memory", on, images));
        }
    }

    /** Digits have no mirror images, and their strokes break in small crops. */
    private void mnist(IdxPair images) throws IOException {
        PretrainRecipe recipe = pretrain("{\"epochs\":12,\"crop\":{\"flip\":0,\"minArea\":0.4}}");
        FineTuneRecipe fineTune = Recipes.FINE_TUNE.override(
                fineTune(100.0 / images.train().size(), 1),
                "{\"epochs\":300,\"batchSize\":25,\"crop\":{\"flip\":0,\"minArea\":0.6,\"maxAspect\":1.3}}");
        signals("digits", recipe, images, fineTune, distill("{\"crop\":{\"flip\":0}}"));
    }

    /** A teacher, and students that learn from its stored logits and beside it. */
    private void signals(
            String parent, PretrainRecipe pretrain, IdxPair images, FineTuneRecipe fineTune, DistillRecipe distill)
            throws IOException {
        if (!cells.isOpen("teacher")
                && !cells.isOpen("student, stored logits")
                && !cells.isOpen("student, live teacher")) {
            return;
        }
        try (PretrainedModel model = pretrained(parent, pretrain, images);
                ClassifierModel teacher = FineTuning.run(
                        fineTune, model, images.train(), images.classes(), images.test(), TrainingContext.alone())) {
            cells.put("teacher", teacher.metrics());
            if (cells.isOpen("student, stored logits")) {
                try (ClassifierModel student = student(distill, stored(teacher, images, distill), images)) {
                    cells.put("student, stored logits", student.metrics());
                }
            }
            if (cells.isOpen("student, live teacher")) {
                TeacherSignal live = new LiveTeacher(
                        teacher.classifier(), teacher.weights(), images.train(), distill.crop(), distill.seed());
                try (ClassifierModel student = student(distill, live, images)) {
                    cells.put("student, live teacher", student.metrics());
                }
            }
        }
    }

    private static ClassifierModel student(DistillRecipe recipe, TeacherSignal signal, IdxPair images) {
        return Distillation.run(recipe, Distillation.Sources.of(signal), images.test(), TrainingContext.alone());
    }

    private TeacherSignal stored(ClassifierModel teacher, IdxPair images, DistillRecipe distill) throws IOException {
        Path directory = work.resolve("teacher");
        List<String> classes =
                IntStream.range(0, images.classes()).mapToObj(Integer::toString).toList();
        Checkpoint.write(
                directory,
                new Architecture.Predicting(teacher.classifier()),
                teacher.weights(),
                provenance(Stage.FINE_TUNED, classes, images, "{}"),
                teacher.metrics());
        LabelRecipe quick = Recipes.LABEL.preset("quick");
        LabelRecipe recipe = new LabelRecipe(
                seed,
                quick.views(),
                quick.plainView(),
                distill.crop(),
                quick.batchSize(),
                quick.logits(),
                quick.hygiene());
        ImageSet unlabeled = images.train().withoutLabels();
        try (Teacher labels = Teacher.ofCheckpoint(directory, 1)) {
            SoftLabels.Origin origin = new SoftLabels.Origin(Checkpoint.digest(directory), "all", recipe);
            return new StoredLogits(
                    List.of(new LabeledShard(unlabeled, Labeling.run(labels, unlabeled, origin, done -> {}))));
        }
    }

    private Map<String, Double> fineTuned(String parent, PretrainRecipe pretrain, IdxPair images, int layer)
            throws IOException {
        try (PretrainedModel model = pretrained(parent, pretrain, images);
                ClassifierModel tuned = FineTuning.run(
                        fineTune(0.01, layer),
                        model,
                        images.train(),
                        images.classes(),
                        images.test(),
                        TrainingContext.alone())) {
            return tuned.metrics();
        }
    }

    /** Features of the pretrained encoder, and what fine-tuning makes of it. */
    private Map<String, Double> probed(String parent, PretrainRecipe pretrain, IdxPair images) throws IOException {
        try (PretrainedModel model = pretrained(parent, pretrain, images)) {
            Map<String, Double> metrics = new TreeMap<>(model.metrics());
            metrics.put("top1", fineTuned(parent, pretrain, images, 1).get("top1"));
            return metrics;
        }
    }

    /** From the working directory if it is there already. */
    private PretrainedModel pretrained(String name, PretrainRecipe recipe, IdxPair images) throws IOException {
        Path directory = work.resolve(name);
        if (Files.notExists(directory.resolve(Checkpoint.MANIFEST))) {
            int[] some =
                    IntStream.range(0, Math.min(PROBED, images.train().size())).toArray();
            Probe probe = new Probe(images.train().subset(some), images.test(), images.classes());
            try (PretrainedModel model =
                    Pretraining.run(recipe, images.train(), Optional.of(probe), TrainingContext.alone())) {
                Checkpoint.write(
                        directory,
                        new Architecture.Pretrained(model.encoder(), model.head()),
                        model.weights(),
                        provenance(Stage.PRETRAINED, List.of(), images, Recipes.PRETRAIN.write(recipe)),
                        model.metrics());
            }
        }
        return PretrainedModel.of(Checkpoint.readPretrained(directory));
    }

    private Provenance provenance(Stage stage, List<String> classes, IdxPair images, String recipe) {
        String data = Sha256.of(images.train().toString().getBytes(StandardCharsets.UTF_8));
        return new Provenance("study", stage, classes, images.train().shape(), recipe, Optional.empty(), data, seed);
    }

    private PretrainRecipe pretrain(String changes) {
        PretrainRecipe base =
                Recipes.PRETRAIN.override(Recipes.PRETRAIN.preset("quick"), "{\"epochs\":6,\"seed\":" + seed + "}");
        return Recipes.PRETRAIN.override(base, changes);
    }

    private FineTuneRecipe fineTune(double labelFraction, int layer) {
        return Recipes.FINE_TUNE.override(
                Recipes.FINE_TUNE.preset("quick"),
                "{\"epochs\":60,\"seed\":" + seed + ",\"labelFraction\":" + labelFraction + ",\"headLayers\":" + layer
                        + "}");
    }

    private DistillRecipe distill(String changes) {
        DistillRecipe base =
                Recipes.DISTILL.override(Recipes.DISTILL.preset("quick"), "{\"epochs\":5,\"seed\":" + seed + "}");
        return Recipes.DISTILL.override(base, changes);
    }
}
