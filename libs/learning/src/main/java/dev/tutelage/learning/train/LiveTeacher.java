package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.augment.CropAndFlip;
import dev.tutelage.learning.augment.View;
import dev.tutelage.learning.augment.ViewRenderer;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Mode;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.util.ArrayList;
import java.util.List;

/** A teacher that looks at every batch beside the student, as in the paper: each epoch has new views. */
public final class LiveTeacher implements TeacherSignal {

    private final Classifier classifier;
    private final Weights weights;
    private final ImageSet images;
    private final CropAndFlip crop;
    private final Seed views;
    private final ViewRenderer renderer;

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
        this.crop = crop;
        this.views = new Seed(seed).of("distill views");
        this.renderer = new ViewRenderer(crop.interpolation());
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
        List<View> crops = new ArrayList<>(batch.length);
        for (int image : batch) {
            Seed seed = views.of(images.digest(image)).of(epoch);
            crops.add(crop.draw(images.shape().height(), images.shape().width(), seed));
        }
        NDArray seen = renderer.render(images.batch(scope, batch), crops);
        return new Lesson(
                seen, classifier.logits(weights, seen, Mode.EVALUATION).stopGradient());
    }

    @Override
    public void identify(Identity identity) {
        identity.with(images).with(weights);
    }
}
