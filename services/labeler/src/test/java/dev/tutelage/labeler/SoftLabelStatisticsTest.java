package dev.tutelage.labeler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.SoftLabelQuality;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.evaluate.FeatureDistance;
import dev.tutelage.learning.label.FeatureSample;
import dev.tutelage.learning.label.Labeling;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.label.Teacher;
import dev.tutelage.learning.program.UntrainedTeacher;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftLabelStatisticsTest {
    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);
    private static final int IMAGES = 70;

    @Test
    void imagesLikeTheTeachersOwnAreNearAndOthersAreNot(@TempDir Path folder) throws IOException {
        UntrainedTeacher.main(new String[] {folder.toString(), "birds", "wren,robin", "1x28x28", "quick", "1"});
        try (Teacher teacher = Teacher.ofCheckpoint(folder, 1)) {
            FeatureSample known = sample(noise(1, 255));
            label(teacher, noise(1, 255), known);
            FeatureDistance reference = new FeatureDistance(known.features(), known.features().length / known.images());

            SoftLabelQuality alike = statistics(teacher, noise(2, 255), Optional.of(reference));
            SoftLabelQuality dark = statistics(teacher, noise(2, 60), Optional.of(reference));
            assertThat(alike.getProfile().getFeatures().getImages()).isEqualTo(FeatureSample.MOST);
            assertThat(alike.getProfile().getFeatures().getSquaredMmd()).isLessThan(0.1);
            assertThat(dark.getProfile().getFeatures().getSquaredMmd()).isGreaterThan(0.5);
            assertThat(alike.getProfile().getPlain()).isTrue();
            assertThat(alike.getProfile().getClassCountsList()).isEqualTo(alike.getClassCountsList());
            assertThat(alike.getClassCountsList().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(IMAGES);
            assertThat(alike.getProfile().getConfidenceHistogramList()).hasSize(10);
            assertThat(statistics(teacher, noise(2, 255), Optional.empty())
                            .getProfile()
                            .hasFeatures())
                    .isFalse();
        }
    }

    private static SoftLabelQuality statistics(Teacher teacher, ImageSet images, Optional<FeatureDistance> known) {
        FeatureSample sample = sample(images);
        return SoftLabelStatistics.of(label(teacher, images, sample), sample, known);
    }

    private static FeatureSample sample(ImageSet images) {
        return new FeatureSample(images.size(), new Seed(1));
    }

    private static SoftLabels label(Teacher teacher, ImageSet images, FeatureSample sample) {
        var recipe = Recipes.LABEL.override(Recipes.LABEL.preset("quick"), "{\"views\":1,\"plainView\":true}");
        return Labeling.run(teacher, images, new SoftLabels.Origin("feed", "beef", recipe), sample, done -> {});
    }

    private static ImageSet noise(int seed, int brightest) {
        byte[] pixels = new byte[IMAGES * SHAPE.size()];
        Random random = new Random(seed);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.nextInt(brightest + 1);
        }
        List<String> digests = IntStream.range(0, IMAGES)
                .mapToObj(i -> Sha256.of(new byte[] {(byte) seed, (byte) i}))
                .toList();
        return ImageSet.of(SHAPE, digests, pixels, digests, Optional.empty());
    }
}
