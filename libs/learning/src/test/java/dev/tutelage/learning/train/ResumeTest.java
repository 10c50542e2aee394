package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.recipe.MemoryRecipe;
import dev.tutelage.learning.recipe.OptimizerRecipe.Kind;
import dev.tutelage.learning.recipe.PretrainRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings cut short and gone on with end with the bits of those that nobody disturbed. */
class ResumeTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"LARS, 1", "LARS, 3", "ADAMW, 2", "ADAMW, 5", "SGD, 1"})
    void pretrainingResumesBitForBit(Kind kind, int every) {
        resumesBitForBit(context -> pretrained(TinyTask.pretrain(kind), context), every);
    }

    /** The queue holds two batches and a half, so that it has wrapped by the end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void pretrainingWithMemoryResumesBitForBit(int every) {
        PretrainRecipe recipe = TinyTask.pretrain(Kind.LARS, new MemoryRecipe(20, 0.9));
        resumesBitForBit(context -> pretrained(recipe, context), every);
    }

    /** Memory takes part, and each epoch replays 6 of the 7 old images. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void pretrainingThatGoesOnResumesBitForBit(int every) {
        PretrainRecipe recipe = TinyTask.goingOn(TinyTask.pretrain(Kind.ADAMW, new MemoryRecipe(20, 0.9)), 0.66);
        try (PretrainedModel earlier =
                Pretraining.run(TinyTask.pretrain(Kind.ADAMW), TinyTask.IMAGES, TrainingContext.alone())) {
            WarmStart start = new WarmStart(earlier, Optional.of(TinyTask.some(3, 10)));
            resumesBitForBit(context -> pretrained(recipe, TinyTask.some(0, 3), start, context), every);
        }
    }

    /** The same images in the same order, one of them no longer new: a snapshot of the one is of no use to the other. */
    @Test
    void whichImagesAreNewIsPartOfWhatARunIs() {
        PretrainRecipe recipe = TinyTask.goingOn(TinyTask.pretrain(Kind.ADAMW), 0.5);
        FolderSnapshots snapshots = new FolderSnapshots(folder);
        try (PretrainedModel earlier =
                Pretraining.run(TinyTask.pretrain(Kind.ADAMW), TinyTask.IMAGES, TrainingContext.alone())) {
            WarmStart five = new WarmStart(earlier, Optional.of(TinyTask.some(5, 10)));
            TrainingContext stopped = new TrainingContext(new Patience(2), snapshots, Duration.ZERO);
            assertThatThrownBy(() -> pretrained(recipe, TinyTask.some(0, 5), five, stopped))
                    .isInstanceOf(TrainingStopped.class);
            WarmStart four = new WarmStart(earlier, Optional.of(TinyTask.some(6, 10)));
            Outcome expected = pretrained(recipe, TinyTask.some(0, 6), four, TrainingContext.alone());
            TrainingContext again = new TrainingContext(Patience.endless(), snapshots);
            assertThat(pretrained(recipe, TinyTask.some(0, 6), four, again)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void fineTuningResumesBitForBit(int every) {
        try (PretrainedModel parent =
                Pretraining.run(TinyTask.pretrain(Kind.ADAMW), TinyTask.IMAGES, TrainingContext.alone())) {
            resumesBitForBit(
                    context -> outcome(FineTuning.run(
                            TinyTask.fineTune(), parent, TinyTask.IMAGES, TinyTask.CLASSES, TinyTask.IMAGES, context)),
                    every);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 6})
    void aSweepResumesBitForBit(int every) {
        resumesBitForBit(
                context -> outcome(Supervised.run(
                        TinyTask.supervised(), TinyTask.IMAGES, TinyTask.CLASSES, TinyTask.IMAGES, context)),
                every);
    }

    @Test
    void snapshotsAreAlsoWrittenOnTime() throws IOException {
        FolderSnapshots snapshots = new FolderSnapshots(folder);
        pretrained(TinyTask.pretrain(Kind.LARS), new TrainingContext(Patience.endless(), snapshots, Duration.ZERO));
        assertThat(snapshots.newestFirst()).as("one a step but for the last").hasSize(5);
    }

    @Test
    void aTornSnapshotFallsBackToTheOlderOne() throws IOException {
        Outcome expected = pretrained(TinyTask.pretrain(Kind.LARS), TrainingContext.alone());
        FolderSnapshots snapshots = stoppedAfter(3, TinyTask.pretrain(Kind.LARS));
        byte[] whole = Files.readAllBytes(snapshots.newest());
        Files.write(snapshots.newest(), Arrays.copyOf(whole, whole.length / 2));

        Patience patience = Patience.endless();
        assertThat(pretrained(TinyTask.pretrain(Kind.LARS), new TrainingContext(patience, snapshots)))
                .isEqualTo(expected);
        assertThat(patience.steps()).as("steps 3 to 6, the last one unasked").isEqualTo(3);
    }

    @Test
    void withoutAnyUsableSnapshotItStartsAnew() throws IOException {
        Outcome expected = pretrained(TinyTask.pretrain(Kind.LARS), TrainingContext.alone());
        FolderSnapshots snapshots = new FolderSnapshots(folder);
        Files.write(folder.resolve("0000.safetensors"), new byte[0]);
        Files.writeString(folder.resolve("0001.safetensors"), "not a snapshot at all");
        Patience patience = Patience.endless();
        assertThat(pretrained(TinyTask.pretrain(Kind.LARS), new TrainingContext(patience, snapshots)))
                .isEqualTo(expected);
        assertThat(patience.steps()).isEqualTo(5);
    }

    @Test
    void snapshotsOfAnotherRunArePassedOver() throws IOException {
        FolderSnapshots snapshots = stoppedAfter(3, TinyTask.pretrain(Kind.SGD));
        Patience patience = Patience.endless();
        Outcome actual = pretrained(TinyTask.pretrain(Kind.LARS), new TrainingContext(patience, snapshots));
        assertThat(patience.steps()).isEqualTo(5);
        assertThat(actual).isEqualTo(pretrained(TinyTask.pretrain(Kind.LARS), TrainingContext.alone()));
    }

    @Test
    void stoppingSaysAfterWhichStep() {
        TrainingContext context = new TrainingContext(new Patience(4), Snapshots.none());
        assertThatThrownBy(() -> pretrained(TinyTask.pretrain(Kind.LARS), context))
                .isInstanceOfSatisfying(TrainingStopped.class, stopped -> assertThat(stopped.step())
                        .isEqualTo(4))
                .hasMessageContaining("pretrain stopped on request after step 4");
    }

    /** What a training ends with. */
    private record Outcome(Map<String, List<Integer>> bits, Map<String, Double> metrics) {}

    private void resumesBitForBit(Function<TrainingContext, Outcome> training, int every) {
        Outcome expected = training.apply(TrainingContext.alone());
        int runs = 1;
        while (true) {
            TrainingContext context = new TrainingContext(new Patience(every), new FolderSnapshots(folder));
            try {
                assertThat(training.apply(context)).isEqualTo(expected);
                break;
            } catch (TrainingStopped stopped) {
                runs++;
            }
        }
        assertThat(runs).isGreaterThan(1);
    }

    /** The snapshots of a run that wrote one after every step until it was stopped. */
    private FolderSnapshots stoppedAfter(int steps, PretrainRecipe recipe) {
        FolderSnapshots snapshots = new FolderSnapshots(folder);
        TrainingContext context = new TrainingContext(new Patience(steps), snapshots, Duration.ZERO);
        assertThatThrownBy(() -> pretrained(recipe, context)).isInstanceOf(TrainingStopped.class);
        return snapshots;
    }

    private static Outcome pretrained(PretrainRecipe recipe, TrainingContext context) {
        try (PretrainedModel model = Pretraining.run(recipe, TinyTask.IMAGES, context)) {
            return outcome(model.weights(), model.metrics());
        }
    }

    private static Outcome pretrained(
            PretrainRecipe recipe, ImageSet unlabeled, WarmStart start, TrainingContext context) {
        try (PretrainedModel model =
                Pretraining.run(recipe, unlabeled, Optional.of(start), Optional.empty(), context)) {
            return outcome(model.weights(), model.metrics());
        }
    }

    private static Outcome outcome(ClassifierModel trained) {
        try (ClassifierModel model = trained) {
            return outcome(model.weights(), model.metrics());
        }
    }

    private static Outcome outcome(Weights weights, Map<String, Double> metrics) {
        return new Outcome(TinyTask.bits(weights), metrics);
    }
}
