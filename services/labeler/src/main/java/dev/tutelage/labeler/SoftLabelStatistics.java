package dev.tutelage.labeler;

import dev.tutelage.event.v1.FeatureDistance;
import dev.tutelage.event.v1.SoftLabelQuality;
import dev.tutelage.event.v1.TeacherProfile;
import dev.tutelage.learning.label.FeatureSample;
import dev.tutelage.learning.label.Quality;
import dev.tutelage.learning.label.SoftLabels;
import java.util.Optional;

/** What a fact says about the soft labels of a shard: how sure the teacher is, and how far the images lie from its own. */
final class SoftLabelStatistics {
    private SoftLabelStatistics() {}

    /**
     * The statistics of one image or more.
     *
     * @param sample of the images' features
     * @param known what the features are compared with, if the teacher has a reference
     */
    static SoftLabelQuality of(
            SoftLabels labels, FeatureSample sample, Optional<dev.tutelage.learning.evaluate.FeatureDistance> known) {
        Quality quality = Quality.of(labels);
        TeacherProfile.Builder profile = TeacherProfile.newBuilder()
                .addAllConfidenceHistogram(quality.watched().confidenceHistogram())
                .addAllClassCounts(quality.watched().classCounts())
                .setPlain(quality.plain());
        known.flatMap(reference -> distance(reference, sample)).ifPresent(profile::setFeatures);
        return SoftLabelQuality.newBuilder()
                .setMeanConfidence(quality.meanConfidence())
                .setMeanEntropy(quality.meanEntropy())
                .addAllClassCounts(quality.classCounts())
                .setProfile(profile)
                .build();
    }

    private static Optional<FeatureDistance> distance(
            dev.tutelage.learning.evaluate.FeatureDistance reference, FeatureSample sample) {
        if (sample.images() < 2 || sample.features().length != sample.images() * reference.width()) {
            return Optional.empty();
        }
        double squared = reference.squaredTo(sample.features());
        return Double.isFinite(squared)
                ? Optional.of(FeatureDistance.newBuilder()
                        .setSquaredMmd(squared)
                        .setImages(sample.images())
                        .build())
                : Optional.empty();
    }
}
