package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.augment.CropAndFlip;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Forward;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.objective.CrossEntropy;
import dev.tutelage.learning.random.Seed;
import java.util.Arrays;

/** Cross-entropy on labeled images, cropped and flipped: what fine-tuning, supervised training and distillation share. */
final class LabelTraining implements BatchLoss {

    private final Classifier classifier;
    private final Weights weights;
    private final ImageSet labeled;
    private final CroppedViews views;
    /** How the encoder normalises: one that does not learn keeps its running statistics too. */
    private final Mode encoderMode;

    private final CrossEntropy objective = new CrossEntropy();

    /** @throws IllegalArgumentException naming an image whose label is missing or not a class */
    LabelTraining(
            Classifier classifier, Weights weights, ImageSet labeled, CropAndFlip crop, Seed seed, Mode encoderMode) {
        this.classifier = classifier;
        this.weights = weights;
        this.labeled = labeled;
        this.views = new CroppedViews(labeled, crop, seed.of("views"));
        this.encoderMode = encoderMode;
        for (int i = 0; i < labeled.size(); i++) {
            int label = labeled.label(i).orElse(-1);
            if (label < 0 || label >= classifier.classes()) {
                throw new IllegalArgumentException("image " + labeled.key(i) + " has "
                        + (label < 0 ? "no label" : "label " + label) + "; needed is 0.." + (classifier.classes() - 1));
            }
        }
    }

    @Override
    public NDArray of(NDManager scope, int[] batch, long step, int epoch) {
        NDArray features = classifier.encoder().features(weights, views(scope, batch, epoch), encoderMode);
        NDArray logits = classifier.logitsOfFeatures(new Forward(weights, Mode.TRAINING), features);
        return objective.loss(logits, labels(batch));
    }

    /** The images as an epoch sees them, [N, C, H, W]. */
    NDArray views(NDManager scope, int[] batch, int epoch) {
        return views.of(scope, batch, epoch);
    }

    long[] labels(int[] batch) {
        return Arrays.stream(batch)
                .mapToLong(image -> labeled.label(image).orElseThrow())
                .toArray();
    }

    /** The loss of whole images in evaluation. */
    NDArray validation(NDManager scope, int[] batch) {
        NDArray logits = classifier.logits(weights, labeled.batch(scope, batch), Mode.EVALUATION);
        return objective.loss(logits, labels(batch));
    }
}
