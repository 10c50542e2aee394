package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.augment.CropAndFlip;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;

/** A teacher that looks at every batch beside the student, as in the paper: each epoch has new views. */
public final class LiveTeacher implements TeacherSignal {

    private final Classifier classifier;
    private final Weights weights;
    private final ImageSet images;
    private final CroppedViews views;

    /**
     * A teacher before some images.
     *
     * @param weights of the classifier; they stay as they are and the caller's
     * @param images whose labels, if there are any, are not looked at
     * @param crop of each view
     * @param seed of the views
     */
    public LiveTeacher(Classifier classifier, Weights weights, ImageSet images, CropAndFlip crop, long seed) {
        this.classifier = classifier;
        this.weights = weights;
        this.images = images.withoutLabels();
        this.views = new CroppedViews(this.images, crop, new Seed(seed).of("distill views"));
    }

    @Override
    public ImageSet images() {
        return images;
    }

    @Override
    public int classes() {
        return classifier.classes();
    }

    @Override
    public Lesson lesson(NDManager scope, int[] batch, int epoch) {
        NDArray seen = views.of(scope, batch, epoch);
        return new Lesson(
                seen, classifier.logits(weights, seen, Mode.EVALUATION).stopGradient());
    }

    @Override
    public void identify(Identity identity) {
        identity.with(images).with(weights);
    }
}
