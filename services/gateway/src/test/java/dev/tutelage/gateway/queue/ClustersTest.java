package dev.tutelage.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClustersTest {
    /** Three kinds that cannot be mistaken for each other, of 5, 3 and 1 images; the digest begins with the kind. */
    private static final Map<String, double[]> IMAGES = Map.of(
            "a1", new double[] {0.90, 0.05, 0.05},
            "a2", new double[] {0.94, 0.03, 0.03},
            "a3", new double[] {0.86, 0.10, 0.04},
            "a4", new double[] {0.98, 0.01, 0.01},
            "a5", new double[] {0.80, 0.10, 0.10},
            "b1", new double[] {0.05, 0.50, 0.45},
            "b2", new double[] {0.03, 0.42, 0.55},
            "b3", new double[] {0.05, 0.60, 0.35},
            "c1", new double[] {0.01, 0.98, 0.01});

    private static SampledImage image(String digest, String shard, double... likely) {
        return new SampledImage(
                new Candidate(
                        digest,
                        shard,
                        "teacher",
                        List.of(),
                        Uncertainty.margin(likely),
                        Uncertainty.entropy(likely),
                        OptionalDouble.empty(),
                        OptionalDouble.empty()),
                likely);
    }

    private static List<SampledImage> sample() {
        return IMAGES.entrySet().stream()
                .map(each -> image(each.getKey(), "shard", each.getValue()))
                .toList();
    }

    private static double distanceFromCentreOfItsKind(String image) {
        List<double[]> kind = IMAGES.entrySet().stream()
                .filter(each -> each.getKey().charAt(0) == image.charAt(0))
                .map(Map.Entry::getValue)
                .toList();
        double distance = 0;
        for (int c = 0; c < 3; c++) {
            double centre = 0;
            for (double[] likely : kind) {
                centre += Math.sqrt(likely[c]) / kind.size();
            }
            double difference = Math.sqrt(IMAGES.get(image)[c]) - centre;
            distance += difference * difference;
        }
        return distance;
    }

    private static List<String> nearestFirst(char kind) {
        return IMAGES.keySet().stream()
                .filter(image -> image.charAt(0) == kind)
                .sorted(Comparator.comparingDouble(ClustersTest::distanceFromCentreOfItsKind))
                .toList();
    }

    private static List<String> greatestFirst(List<Candidate> ranked) {
        return ranked.stream()
                .sorted(Comparator.comparingDouble(
                                (Candidate each) -> each.centrality().orElseThrow())
                        .reversed())
                .map(Candidate::image)
                .toList();
    }

    @Test
    void theNearestToTheCentreOfEachKindComesFirstAsANaiveLoopFindsIt() {
        List<String> a = nearestFirst('a');
        List<String> b = nearestFirst('b');
        List<Candidate> ranked = new Clusters(3).of(sample());
        assertThat(greatestFirst(ranked))
                .containsExactly(a.get(0), b.get(0), "c1", a.get(1), b.get(1), a.get(2), b.get(2), a.get(3), a.get(4));
        Map<String, Double> scores = ranked.stream()
                .collect(Collectors.toMap(
                        Candidate::image, each -> each.centrality().orElseThrow()));
        assertThat(scores.get(a.get(0))).isCloseTo(5 / 9.0, within(1e-9));
        assertThat(scores.get(b.get(2))).isCloseTo(3 / 9.0 - 2, within(1e-9));
        assertThat(scores.get("c1")).isCloseTo(1 / 9.0, within(1e-9));
    }

    @Test
    void theOrderOfTheSampleDoesNotMatter() {
        List<Candidate> ranked = new Clusters(3).of(sample());
        for (int seed = 0; seed < 20; seed++) {
            List<SampledImage> shuffled = new ArrayList<>(sample());
            Collections.shuffle(shuffled, new Random(seed));
            assertThat(new Clusters(3).of(shuffled)).isEqualTo(ranked);
        }
    }

    @Test
    void thereAreNoMoreClustersThanDifferentPoints() {
        List<SampledImage> alike =
                List.of(image("1", "shard", 0.5, 0.5), image("2", "shard", 0.5, 0.5), image("3", "shard", 1, 0));
        assertThat(greatestFirst(new Clusters(20).of(alike))).containsExactly("1", "3", "2");
        assertThat(new Clusters(20).of(List.of())).isEmpty();
    }

    @Test
    void ofAllShardsTheSmallestDigestsAreComparedWhateverComesFirst() {
        List<SampledImage> one = List.of(image("1", "x", 1, 0), image("4", "x", 1, 0), image("5", "x", 1, 0));
        List<SampledImage> other = List.of(image("2", "y", 0, 1), image("4", "y", 0, 1), image("9", "y", 0, 1));
        QueueSample sample = new QueueSample(4, new Clusters(2));
        QueueSample turned = new QueueSample(4, new Clusters(2));
        sample.put("x", one);
        sample.put("y", other);
        turned.put("y", other);
        turned.put("x", one);
        sample.cluster();
        turned.cluster();
        assertThat(sample.ranked()).isEqualTo(turned.ranked()).containsOnlyKeys("1", "2", "4");
        sample.retain(List.of("y"));
        sample.cluster();
        assertThat(sample.ranked()).containsOnlyKeys("2", "4");
    }
}
