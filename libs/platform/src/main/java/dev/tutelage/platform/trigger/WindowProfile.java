package dev.tutelage.platform.trigger;

import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.TeacherProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * How a teacher sees the images of a window: its shards' profiles, added up.
 *
 * @param confidenceHistogram images by confidence; empty if there are none
 * @param classCounts images by likeliest class; empty if there are none
 * @param plain whether all of it is of whole images
 * @param distance mean squared distance of features from the teacher's reference, where enough images have one
 */
record WindowProfile(List<Long> confidenceHistogram, List<Long> classCounts, boolean plain, Optional<Double> distance) {
    /** Fewer say too little about features. */
    private static final int FEWEST_FEATURES = 50;

    /** The sum, which depends on the order of the shards in its last bits. */
    static WindowProfile of(List<SoftLabelsAdded> shards) {
        List<TeacherProfile> profiles = shards.stream()
                .filter(shard -> shard.getQuality().hasProfile())
                .map(shard -> shard.getQuality().getProfile())
                .toList();
        List<Long> histogram = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        double distances = 0;
        long measured = 0;
        for (TeacherProfile profile : profiles) {
            add(profile.getConfidenceHistogramList(), histogram);
            add(profile.getClassCountsList(), counts);
            int images = profile.getFeatures().getImages();
            distances += profile.getFeatures().getSquaredMmd() * images;
            measured += images;
        }
        return new WindowProfile(
                histogram,
                counts,
                profiles.stream().allMatch(TeacherProfile::getPlain),
                measured < FEWEST_FEATURES ? Optional.empty() : Optional.of(distances / measured));
    }

    /** That of a checkpoint's reference. */
    static WindowProfile of(TeacherProfile reference) {
        return new WindowProfile(
                reference.getConfidenceHistogramList(),
                reference.getClassCountsList(),
                reference.getPlain(),
                reference.hasFeatures() ? Optional.of(reference.getFeatures().getSquaredMmd()) : Optional.empty());
    }

    long images() {
        return PopulationStability.images(classCounts);
    }

    private static void add(List<Long> values, List<Long> sums) {
        if (sums.isEmpty()) {
            LongStream.generate(() -> 0).limit(values.size()).forEach(sums::add);
        }
        for (int i = 0; i < sums.size(); i++) {
            sums.set(i, sums.get(i) + values.get(i));
        }
    }
}
