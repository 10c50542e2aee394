package dev.tutelage.learning.train;

import dev.tutelage.learning.augment.ColorJitter;
import dev.tutelage.learning.augment.CropAndFlip;
import dev.tutelage.learning.augment.Grayscale;
import dev.tutelage.learning.augment.Interpolation;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.model.Block;
import dev.tutelage.learning.model.Stem;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.optimizer.Scaling;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.DistillRecipe;
import dev.tutelage.learning.recipe.EncoderRecipe;
import dev.tutelage.learning.recipe.FineTuneRecipe;
import dev.tutelage.learning.recipe.HeadRecipe;
import dev.tutelage.learning.recipe.MemoryRecipe;
import dev.tutelage.learning.recipe.OptimizerRecipe;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.ProbeRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.recipe.SupervisedRecipe;
import dev.tutelage.learning.recipe.ValidationRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Ten images of noise in two classes, and recipes that take milliseconds: 2 steps an epoch, 6 in all. */
final class TinyTask {

    static final int CLASSES = 2;
    static final ImageSet IMAGES = images(10);

    private static final CropAndFlip CROP = new CropAndFlip(0.3, 1, 4 / 3.0, 0.5, Interpolation.BILINEAR);

    private TinyTask() {}

    static PretrainRecipe pretrain(OptimizerRecipe.Kind kind) {
        return pretrain(kind, MemoryRecipe.OFF);
    }

    static PretrainRecipe pretrain(OptimizerRecipe.Kind kind, MemoryRecipe memory) {
        return new PretrainRecipe(
                1,
                new EncoderRecipe(4, List.of(1, 1), Block.BASIC, Stem.CIFAR_HALVED, false),
                new HeadRecipe(2, 8),
                CROP,
                new ColorJitter(0.8, 0.5),
                new Grayscale(0.2),
                0.5,
                0.5,
                memory,
                ProbeRecipe.OFF,
                3,
                4,
                optimizer(kind, 0.05),
                PretrainRecipe.Start.RANDOM,
                0.5,
                0);
    }

    /** The same recipe, for a pretraining that goes on from a checkpoint. */
    static PretrainRecipe goingOn(PretrainRecipe recipe, double replay) {
        return Recipes.PRETRAIN.override(recipe, "{\"start\": \"PREVIOUS\", \"replay\": " + replay + "}");
    }

    /** The images from one number to before another. */
    static ImageSet some(int from, int to) {
        return IMAGES.subset(IntStream.range(from, to).toArray());
    }

    static FineTuneRecipe fineTune() {
        return fineTune(ValidationRecipe.OFF);
    }

    static FineTuneRecipe fineTune(ValidationRecipe validation) {
        return new FineTuneRecipe(
                2,
                1,
                FineTuneRecipe.Trained.WHOLE,
                1,
                CROP,
                3,
                4,
                optimizer(OptimizerRecipe.Kind.ADAMW, 0.01),
                validation);
    }

    /** From a live teacher, with labels beside. */
    static DistillRecipe distill(double alpha, ValidationRecipe validation) {
        return new DistillRecipe(
                4,
                new EncoderRecipe(4, List.of(1), Block.BASIC, Stem.CIFAR, false),
                DistillRecipe.Start.RANDOM,
                DistillRecipe.TeacherLogits.LIVE,
                CROP,
                1,
                false,
                alpha,
                3,
                3,
                4,
                optimizer(OptimizerRecipe.Kind.ADAMW, 0.01),
                validation);
    }

    static SupervisedRecipe supervised() {
        OptimizerRecipe sgd = optimizer(OptimizerRecipe.Kind.SGD, 0.1);
        OptimizerRecipe adamW = optimizer(OptimizerRecipe.Kind.ADAMW, 0.01);
        List<SupervisedRecipe.Setting> sweep =
                List.of(new SupervisedRecipe.Setting(CROP, 2, sgd), new SupervisedRecipe.Setting(CROP, 3, adamW));
        return new SupervisedRecipe(3, new EncoderRecipe(4, List.of(1), Block.BASIC, Stem.CIFAR, false), 1, 4, sweep);
    }

    static OptimizerRecipe optimizer(OptimizerRecipe.Kind kind, double learningRate) {
        return new OptimizerRecipe(kind, learningRate, Scaling.NONE, 0.2, 1e-4, 0.9);
    }

    static ImageSet images(int count) {
        ImageShape shape = new ImageShape(1, 8, 8);
        byte[] pixels = new byte[count * shape.size()];
        float[] noise = new Seed(11).normals(pixels.length);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.max(0, Math.min(255, 128 + 50 * noise[i]));
        }
        List<String> keys = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add("image" + i);
            digests.add("%064x".formatted(i));
        }
        int[] labels = IntStream.range(0, count).map(i -> i % CLASSES).toArray();
        return ImageSet.of(shape, keys, pixels, digests, Optional.of(labels));
    }

    /** The bits of all tensors, running statistics included, by name. */
    static Map<String, List<Integer>> bits(Weights weights) {
        Map<String, List<Integer>> bits = new TreeMap<>();
        weights.tensors().forEach((name, tensor) -> {
            List<Integer> values = new ArrayList<>();
            for (float value : tensor.toFloatArray()) {
                values.add(Float.floatToRawIntBits(value));
            }
            bits.put(name, values);
        });
        return bits;
    }
}
