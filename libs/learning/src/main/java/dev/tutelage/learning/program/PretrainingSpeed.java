package dev.tutelage.learning.program;

import dev.tutelage.learning.data.Idx;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.train.Pretraining;
import dev.tutelage.learning.train.Progress;
import dev.tutelage.learning.train.Snapshots;
import dev.tutelage.learning.train.TrainingContext;
import dev.tutelage.learning.train.TrainingObserver;
import dev.tutelage.learning.train.TrainingStopped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Images a second of pretraining, on the bare library: no Kafka, no S3, no snapshots. An image counts once, though two
 * views are made of it.
 */
public final class PretrainingSpeed implements TrainingObserver {

    private final Duration warmUp;
    private final Duration measured;
    private final long started = System.nanoTime();
    private Optional<Reading> first = Optional.empty();
    private Optional<Reading> last = Optional.empty();

    private record Reading(long nanos, long step) {}

    private PretrainingSpeed(Duration warmUp, Duration measured) {
        this.warmUp = warmUp;
        this.measured = measured;
    }

    /**
     * Prints images a second.
     *
     * @param arguments an IDX file of images and one of their labels, or, of noise, the images' shape with x between channels,
     *     height and width, and their number; seconds of warming up; seconds of measuring; fields of the preset {@code quick}
     *     that are otherwise, as JSON, if any
     */
    public static void main(String[] arguments) throws IOException {
        ImageSet images = arguments[0].matches("\\d+x\\d+x\\d+")
                ? noise(arguments[0], Integer.parseInt(arguments[1]))
                : Idx.labeled(Path.of(arguments[0]), Path.of(arguments[1]));
        PretrainRecipe endless = Recipes.PRETRAIN.override(Recipes.PRETRAIN.preset("quick"), "{\"epochs\":1000}");
        PretrainRecipe recipe = Recipes.PRETRAIN.override(endless, arguments.length > 4 ? arguments[4] : "{}");
        PretrainingSpeed speed = new PretrainingSpeed(
                Duration.ofSeconds(Long.parseLong(arguments[2])), Duration.ofSeconds(Long.parseLong(arguments[3])));
        try {
            Pretraining.run(recipe, images, new TrainingContext(speed, Snapshots.none(), Duration.ofDays(1)))
                    .close();
        } catch (TrainingStopped e) {
            System.out.println(speed.imagesPerSecond(recipe.batchSize()));
        }
    }

    private static ImageSet noise(String sides, int count) {
        int[] lengths =
                Arrays.stream(sides.split("x")).mapToInt(Integer::parseInt).toArray();
        ImageShape shape = new ImageShape(lengths[0], lengths[1], lengths[2]);
        byte[] pixels = new byte[Math.multiplyExact(count, shape.size())];
        new Random(1).nextBytes(pixels);
        List<String> names =
                IntStream.range(0, count).mapToObj(image -> "noise-" + image).toList();
        return ImageSet.of(shape, names, pixels, names, Optional.empty());
    }

    @Override
    public void progress(Progress progress) {
        Reading reading = new Reading(System.nanoTime(), progress.step());
        if (first.isEmpty() && elapsed(warmUp)) {
            first = Optional.of(reading);
        }
        last = Optional.of(reading);
    }

    @Override
    public boolean stopRequested() {
        return elapsed(warmUp.plus(measured));
    }

    private boolean elapsed(Duration duration) {
        return System.nanoTime() - started >= duration.toNanos();
    }

    private double imagesPerSecond(int batchSize) {
        Reading from = first.orElseThrow();
        Reading to = last.orElseThrow();
        return (to.step() - from.step()) * (double) batchSize / ((to.nanos() - from.nanos()) / 1e9);
    }
}
