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
 * cores; its values were searched on the Fashion-MNIST sample. {@code simclrv2-imagenet} holds the paper's values.
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
                quickEncoder(16),
                new HeadRecipe(3, 128),
                quickCrop(0.3, 4 / 3.0),
                new ColorJitter(0.8, 0.8),
                0.2,
                36,
                64,
                adamW(0.002, 0.05, 1e-4));
    }

    private static FineTuneRecipe quickFineTune() {
        return new FineTuneRecipe(1, 1, quickCrop(0.8, 1.1), 150, 60, adamW(0.001, 0, 0));
    }

    private static SupervisedRecipe quickSupervised() {
        List<SupervisedRecipe.Setting> sweep = List.of(
                quickSetting(quickCrop(0.9, 1.1), 100, 0.003),
                quickSetting(quickCrop(0.8, 4 / 3.0), 150, 0.01),
                quickSetting(quickCrop(0.4, 4 / 3.0), 150, 0.01),
                quickSetting(quickCrop(0.2, 4 / 3.0), 200, 0.003));
        return new SupervisedRecipe(1, quickEncoder(16), 60, sweep);
    }

    private static SupervisedRecipe.Setting quickSetting(CropAndFlip crop, int epochs, double learningRate) {
        return new SupervisedRecipe.Setting(crop, epochs, adamW(learningRate, 0.1, 1e-3));
    }

    private static LabelRecipe quickLabel() {
        return new LabelRecipe(1, 4, false, quickCrop(0.6, 4 / 3.0), 250);
    }

    private static DistillRecipe quickDistill() {
        return new DistillRecipe(1, quickEncoder(8), 1, false, 12, 64, adamW(0.003, 0.05, 1e-4));
    }

    private static EncoderRecipe quickEncoder(int width) {
        return new EncoderRecipe(width, List.of(1, 1, 1), 2);
    }

    private static FineTuneRecipe imagenetFineTune() {
        CropAndFlip crop = new CropAndFlip(0.08, 1, 4 / 3.0, 0.5, BICUBIC);
        return new FineTuneRecipe(1, 1, crop, 60, 1024, new OptimizerRecipe(LARS, 0.005, SQRT, 0, 0, 0.9));
    }

    private static CropAndFlip quickCrop(double minArea, double maxAspect) {
        return new CropAndFlip(minArea, 1, maxAspect, 0.5, BILINEAR);
    }

    private static OptimizerRecipe adamW(double learningRate, double warmup, double weightDecay) {
        return new OptimizerRecipe(ADAMW, learningRate, NONE, warmup, weightDecay, 0.9);
    }
}
