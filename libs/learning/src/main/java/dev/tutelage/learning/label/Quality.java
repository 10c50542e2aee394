package dev.tutelage.learning.label;

import dev.tutelage.learning.evaluate.Profile;
import java.util.List;

/**
 * How sure a teacher is of a set of images, from its probabilities at temperature 1, averaged over the views of each
 * image. Watched over time, these tell when the images drift away from what the teacher knows.
 *
 * @param meanConfidence the mean over images of the likeliest class's probability, 1 / classes to 1
 * @param meanEntropy the mean over images of the probabilities' entropy in nats, 0 to ln(classes)
 * @param profile the same in more detail
 * @param watched the profile of the plain view alone where there is one, because it can be compared with how the teacher
 *     sees other images as they are; otherwise {@code profile}
 * @param plain whether {@code watched} is of a plain view
 */
public record Quality(double meanConfidence, double meanEntropy, Profile profile, Profile watched, boolean plain) {

    /**
     * The statistics of the labels.
     *
     * @throws IllegalArgumentException if they label no image
     */
    public static Quality of(SoftLabels labels) {
        if (labels.size() == 0) {
            throw new IllegalArgumentException("soft labels of no image have no quality");
        }
        boolean plain = labels.origin().recipe().plainView();
        Profile.Tally all = new Profile.Tally(labels.classes());
        Profile.Tally first = new Profile.Tally(labels.classes());
        double confidence = 0;
        double entropy = 0;
        for (int image = 0; image < labels.size(); image++) {
            double[] probabilities = labels.probabilities(image);
            for (double probability : probabilities) {
                entropy -= probability > 0 ? probability * Math.log(probability) : 0;
            }
            confidence += Prediction.of(probabilities).confidence();
            all.add(probabilities);
            first.add(plain ? Profile.softmax(labels.logits(image, 0), 0, labels.classes()) : probabilities);
        }
        return new Quality(confidence / labels.size(), entropy / labels.size(), all.profile(), first.profile(), plain);
    }

    /** Images by likeliest class. */
    public List<Long> classCounts() {
        return profile.classCounts();
    }
}
