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
import dev.tutelage.learning.objective.CrossEntropy;
import dev.tutelage.learning.random.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cross-entropy on labeled images, cropped and flipped: what fine-tuning and supervised training have in common. */
final class LabelTraining implements BatchLoss {

    private final Classifier classifier;
    private final Weights weights;
    private final ImageSet labeled;
    private final CropAndFlip crop;
    private final Seed views;
    private final ViewRenderer renderer;
    private final CrossEntropy objective = new CrossEntropy();

    /** @throws IllegalArgumentException naming an image whose label is missing or not a class */
    LabelTraining(Classifier classifier, Weights weights, ImageSet labeled, CropAndFlip crop, Seed seed) {
        this.classifier = classifier;
        this.weights = weights;
        this.labeled = labeled;
        this.crop = crop;
        this.views = seed.of("views");
        this.renderer = new ViewRenderer(crop.interpolation());
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
        List<View> crops = new ArrayList<>();
        for (int image : batch) {
            Seed seed = views.of(labeled.digest(image)).of(epoch);
            crops.add(crop.draw(labeled.shape().height(), labeled.shape().width(), seed));
        }
        NDArray images = renderer.render(labeled.batch(scope, batch), crops);
        long[] labels = Arrays.stream(batch)
                .mapToLong(image -> labeled.label(image).orElseThrow())
                .toArray();
        return objective.loss(classifier.logits(weights, images, Mode.TRAINING), labels);
    }
}
