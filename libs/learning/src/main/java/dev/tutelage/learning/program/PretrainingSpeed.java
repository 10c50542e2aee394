package dev.tutelage.learning.program;

import dev.tutelage.learning.data.Idx;
import dev.tutelage.learning.data.ImageSet;
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
import java.util.Optional;

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
     * @param arguments an IDX file of images, an IDX file of their labels, seconds of warming up, seconds of measuring
     */
    public static void main(String[] arguments) throws IOException {
        ImageSet images = Idx.labeled(Path.of(arguments[0]), Path.of(arguments[1]));
        PretrainRecipe recipe = Recipes.PRETRAIN.override(Recipes.PRETRAIN.preset("quick"), "{\"epochs\":1000}");
        PretrainingSpeed speed = new PretrainingSpeed(
                Duration.ofSeconds(Long.parseLong(arguments[2])), Duration.ofSeconds(Long.parseLong(arguments[3])));
        try {
            Pretraining.run(recipe, images, new TrainingContext(speed, Snapshots.none(), Duration.ofDays(1)))
                    .close();
        } catch (TrainingStopped e) {
            System.out.println(speed.imagesPerSecond(recipe.batchSize()));
        }
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
