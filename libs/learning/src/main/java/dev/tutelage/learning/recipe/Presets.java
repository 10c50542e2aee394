package dev.tutelage.learning.recipe;

import static dev.tutelage.learning.augment.Interpolation.BICUBIC;
import static dev.tutelage.learning.augment.Interpolation.BILINEAR;
import static dev.tutelage.learning.optimizer.Scaling.LINEAR;
import static dev.tutelage.learning.optimizer.Scaling.NONE;
import static dev.tutelage.learning.optimizer.Scaling.SQRT;
import static dev.tutelage.learning.recipe.OptimizerRecipe.Kind.ADAMW;
import static dev.tutelage.learning.recipe.OptimizerRecipe.Kind.LARS;

import dev.tutelage.learning.augment.ColorJitter;
import dev.tutelage.learning.augment.CropAndFlip;
import dev.tutelage.learning.augment.Grayscale;
import dev.tutelage.learning.model.Block;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.recipe.DistillRecipe.Start;
import dev.tutelage.learning.recipe.DistillRecipe.TeacherLogits;
import dev.tutelage.learning.recipe.FineTuneRecipe.Trained;
import dev.tutelage.learning.recipe.LabelRecipe.Precision;
import java.util.List;
import java.util.Map;

/**
 * The recipes that have names. {@code quick} is for thousands of small images, a hundred labels and minutes on two
 * cores; its values were searched on the Fashion-MNIST sample, those of fine-tuning with three draws of its labels and its
 * held-out images in view, so figures measured there flatter it a little. {@code simclrv2-imagenet} holds the paper's
 * values for ResNet-50, {@code simclrv2-cifar} those of the authors' code for ResNet-18 on CIFAR-10.
 */
final class Presets {

    static final String QUICK = "quick";
    static final String SIMCLRV2_IMAGENET = "simclrv2-imagenet";
    static final String SELF = "simclrv2-imagenet-self";
    static final String SIMCLRV2_CIFAR = "simclrv2-cifar";
    static final String EVERYTHING = "everything";

    /** As much old as new, where a task lets pretraining go on; the paper trains once and says nothing of it. */
    private static final double REPLAY = 0.5;

    static final Map<String, PretrainRecipe> PRETRAIN =
            Map.of(QUICK, quickPretrain(), SIMCLRV2_IMAGENET, imagenetPretrain(), SIMCLRV2_CIFAR, cifarPretrain());
    static final Map<String, FineTuneRecipe> FINE_TUNE =
            Map.of(QUICK, quickFineTune(), SIMCLRV2_IMAGENET, imagenetFineTune());
    static final Map<String, SupervisedRecipe> SUPERVISED = Map.of(QUICK, quickSupervised());
    static final Map<String, LabelRecipe> LABEL = Map.of(QUICK, quickLabel(), SIMCLRV2_IMAGENET, imagenetLabel());
    static final Map<String, DistillRecipe> DISTILL =
            Map.of(QUICK, quickDistill(), SIMCLRV2_IMAGENET, imagenetDistill(), SELF, imagenetSelfDistill());

    static final Map<String, SelectionRecipe> SELECTION = Map.of(EVERYTHING, new SelectionRecipe(1, 0, 1, 0, 0));

    private Presets() {}

    private static PretrainRecipe quickPretrain() {
        return new PretrainRecipe(
                1,
                smallEncoder(16),
                new HeadRecipe(3, 128),
                quickCrop(0.3),
                new ColorJitter(0.8, 0.8),
                new Grayscale(0),
                0,
                0.2,
                MemoryRecipe.OFF,
                ProbeRecipe.OFF,
                36,
                64,
                adamW(0.002, 0.05, 1e-4),
                PretrainRecipe.Start.RANDOM,
                REPLAY,
                0);
    }

    private static FineTuneRecipe quickFineTune() {
        return new FineTuneRecipe(
                1, 1, Trained.WHOLE, 1, gentleCrop(0.8), 150, 60, adamW(0.001, 0, 0), ValidationRecipe.OFF);
    }

    private static SupervisedRecipe quickSupervised() {
        List<SupervisedRecipe.Setting> sweep = List.of(
                new SupervisedRecipe.Setting(gentleCrop(0.9), 100, adamW(0.003, 0.1, 1e-3)),
                new SupervisedRecipe.Setting(quickCrop(0.8), 150, adamW(0.01, 0.1, 1e-3)),
                new SupervisedRecipe.Setting(quickCrop(0.4), 150, adamW(0.01, 0.1, 1e-3)),
                new SupervisedRecipe.Setting(quickCrop(0.2), 200, adamW(0.003, 0.1, 1e-3)),
                new SupervisedRecipe.Setting(quickCrop(0.8), 150, adamW(0.03, 0.1, 1e-3)),
                new SupervisedRecipe.Setting(quickCrop(0.4), 150, adamW(0.03, 0.1, 1e-3)));
        return new SupervisedRecipe(1, smallEncoder(16), 1, 60, sweep);
    }

    private static LabelRecipe quickLabel() {
        return new LabelRecipe(1, 4, false, quickCrop(0.6), 250, Precision.FP32, HygieneRecipe.USUAL);
    }

    private static DistillRecipe quickDistill() {
        return new DistillRecipe(
                1,
                smallEncoder(8),
                Start.RANDOM,
                TeacherLogits.STORED,
                quickCrop(0.6),
                1,
                false,
                1,
                64,
                24,
                64,
                adamW(0.005, 0.05, 1e-4),
                ValidationRecipe.OFF);
    }

    /** Section 2 and appendix A of SimCLR; section 2 and "Implementation details" of SimCLRv2. */
    private static PretrainRecipe imagenetPretrain() {
        return new PretrainRecipe(
                1,
                resNet50(),
                new HeadRecipe(3, 128),
                papersCrop(),
                new ColorJitter(0.8, 1),
                new Grayscale(0.2),
                0.5,
                0.1,
                new MemoryRecipe(65_536, 0.999),
                ProbeRecipe.OFF,
                800,
                4096,
                papersLars(),
                PretrainRecipe.Start.RANDOM,
                REPLAY,
                0);
    }

    /** SimCLR, appendix B.9, in the setting that the authors' code names. */
    private static PretrainRecipe cifarPretrain() {
        return new PretrainRecipe(
                1,
                EncoderRecipe.of(ResNet.ofDepth(3, 18, 1, Stem.CIFAR, false)),
                new HeadRecipe(3, 128),
                papersCrop(),
                new ColorJitter(0.8, 0.5),
                new Grayscale(0.2),
                0,
                0.5,
                MemoryRecipe.OFF,
                ProbeRecipe.OFF,
                1000,
                512,
                new OptimizerRecipe(LARS, 1, LINEAR, 0.01, 1e-4, 0.9),
                PretrainRecipe.Start.RANDOM,
                REPLAY,
                0);
    }

    /** For students that learn from stored labels; the paper's learn beside their teacher. */
    private static LabelRecipe imagenetLabel() {
        return new LabelRecipe(1, 4, false, papersCrop(), 256, Precision.FP32, HygieneRecipe.USUAL);
    }

    private static DistillRecipe imagenetDistill() {
        return papersDistillation(1);
    }

    /** A student as large as its teacher learns from sharper labels. */
    private static DistillRecipe imagenetSelfDistill() {
        return papersDistillation(0.1);
    }

    private static DistillRecipe papersDistillation(double temperature) {
        return new DistillRecipe(
                1,
                resNet50(),
                Start.RANDOM,
                TeacherLogits.LIVE,
                papersCrop(),
                temperature,
                false,
                1,
                1024,
                400,
                4096,
                papersLars(),
                ValidationRecipe.OFF);
    }

    private static EncoderRecipe resNet50() {
        return EncoderRecipe.of(ResNet.ofDepth(3, 50, 1, Stem.IMAGENET, false));
    }

    private static CropAndFlip papersCrop() {
        return new CropAndFlip(0.08, 1, 4 / 3.0, 0.5, BICUBIC);
    }

    private static OptimizerRecipe papersLars() {
        return new OptimizerRecipe(LARS, 0.1, SQRT, 0.05, 1e-4, 0.9);
    }

    private static FineTuneRecipe imagenetFineTune() {
        OptimizerRecipe lars = new OptimizerRecipe(LARS, 0.005, SQRT, 0, 0, 0.9);
        return new FineTuneRecipe(1, 1, Trained.WHOLE, 1, papersCrop(), 60, 1024, lars, ValidationRecipe.OFF);
    }

    /** One block a stage. */
    private static EncoderRecipe smallEncoder(int width) {
        return new EncoderRecipe(width, List.of(1, 1, 1), Block.BASIC, Stem.CIFAR_HALVED, false);
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
