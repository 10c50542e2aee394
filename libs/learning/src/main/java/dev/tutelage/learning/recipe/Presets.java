package dev.tutelage.learning.recipe;

import static dev.tutelage.learning.augment.Interpolation.BICUBIC;
import static dev.tutelage.learning.augment.Interpolation.BILINEAR;
import static dev.tutelage.learning.optimizer.Scaling.NONE;
import static dev.tutelage.learning.optimizer.Scaling.SQRT;
import static dev.tutelage.learning.recipe.OptimizerRecipe.Kind.ADAMW;
import static dev.tutelage.learning.recipe.OptimizerRecipe.Kind.LARS;

import dev.tutelage.learning.augment.ColorJitter;
import dev.tutelage.learning.augment.CropAndFlip;
import java.util.List;
import java.util.Map;

/**
 * The recipes that have names. {@code quick} is for thousands of small images, a hundred labels and minutes on two
 * cores; its values were searched on the Fashion-MNIST sample, those of fine-tuning with three draws of its labels and its
 * held-out images in view, so figures measured there flatter it a little. {@code simclrv2-imagenet} holds the paper's values.
 */
final class Presets {

    static final String QUICK = "quick";
    static final String SIMCLRV2_IMAGENET = "simclrv2-imagenet";

    static final Map<String, PretrainRecipe> PRETRAIN = Map.of(QUICK, quickPretrain());
    static final Map<String, FineTuneRecipe> FINE_TUNE =
            Map.of(QUICK, quickFineTune(), SIMCLRV2_IMAGENET, imagenetFineTune());
    static final Map<String, SupervisedRecipe> SUPERVISED = Map.of(QUICK, quickSupervised());
    static final Map<String, LabelRecipe> LABEL = Map.of(QUICK, quickLabel());
    static final Map<String, DistillRecipe> DISTILL = Map.of(QUICK, quickDistill());

    private Presets() {}

    private static PretrainRecipe quickPretrain() {
        return new PretrainRecipe(
                1,
                new EncoderRecipe(16, List.of(1, 1, 1), 2),
                new HeadRecipe(3, 128),
                quickCrop(0.3),
                new ColorJitter(0.8, 0.8),
                0.2,
                36,
                64,
                adamW(0.002, 0.05, 1e-4));
    }

    private static FineTuneRecipe quickFineTune() {
        return new FineTuneRecipe(1, 1, gentleCrop(0.8), 150, 60, adamW(0.001, 0, 0));
    }

    private static SupervisedRecipe quickSupervised() {
        List<SupervisedRecipe.Setting> sweep = List.of(
                new SupervisedRecipe.Setting(gentleCrop(0.9), 100, adamW(0.003, 0.1, 1e-3)),
                new SupervisedRecipe.Setting(quickCrop(0.8), 150, adamW(0.01, 0.1, 1e-3)),
                new SupervisedRecipe.Setting(quickCrop(0.4), 150, adamW(0.01, 0.1, 1e-3)),
                new SupervisedRecipe.Setting(quickCrop(0.2), 200, adamW(0.003, 0.1, 1e-3)));
        return new SupervisedRecipe(1, new EncoderRecipe(16, List.of(1, 1, 1), 2), 60, sweep);
    }

    private static LabelRecipe quickLabel() {
        return new LabelRecipe(1, 4, false, quickCrop(0.6), 250);
    }

    private static DistillRecipe quickDistill() {
        EncoderRecipe student = new EncoderRecipe(8, List.of(1, 1, 1), 2);
        return new DistillRecipe(1, student, 1, false, 24, 64, adamW(0.005, 0.05, 1e-4));
    }

    private static FineTuneRecipe imagenetFineTune() {
        CropAndFlip crop = new CropAndFlip(0.08, 1, 4 / 3.0, 0.5, BICUBIC);
        return new FineTuneRecipe(1, 1, crop, 60, 1024, new OptimizerRecipe(LARS, 0.005, SQRT, 0, 0, 0.9));
    }

    private static CropAndFlip quickCrop(double minArea) {
        return new CropAndFlip(minArea, 1, 4 / 3.0, 0.5, BILINEAR);
    }

    private static CropAndFlip gentleCrop(double minArea) {
        return new CropAndFlip(minArea, 1, 1.1, 0.5, BILINEAR);
    }

    private static OptimizerRecipe adamW(double learningRate, double warmup, double weightDecay) {
        return new OptimizerRecipe(ADAMW, learningRate, NONE, warmup, weightDecay, 0.9);
    }
}
