package dev.tutelage.gateway.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.hipparchus.clustering.CentroidCluster;
import org.hipparchus.clustering.KMeansPlusPlusClusterer;
import org.hipparchus.clustering.distance.EuclideanDistance;
import org.hipparchus.random.Well19937c;

/**
 * Finds images that stand for many others: k-means over what the teacher says of them. Equal samples give equal clusters, in whatever
 * order they come.
 *
 * @see <a href="https://doi.org/10.1109/TIT.1982.1056489">Lloyd 1982, k-means</a>
 * @see <a href="https://dl.acm.org/doi/10.5555/1283383.1283494">Arthur and Vassilvitskii 2007, its seeds</a>
 */
final class Clusters {
    private static final int SEED = 1;
    private static final int MOST_ITERATIONS = 50;

    private final int number;

    /** @param number of clusters, at most */
    Clusters(int number) {
        this.number = number;
    }

    /**
     * The images with their centrality: the share of the sample that its cluster has, 0 to 1, minus the number of images in the cluster
     * that are nearer to its centre. So the greatest are one of each cluster, of the largest first, and then the second of each.
     *
     * @param sample of images that differ, which all have as many classes
     */
    List<Candidate> of(List<SampledImage> sample) {
        List<SampledImage> points = sample.stream()
                .sorted(Comparator.comparing(each -> each.image().image()))
                .toList();
        List<Candidate> found = new ArrayList<>();
        for (CentroidCluster<SampledImage> cluster : clustered(points)) {
            double share = (double) cluster.getPoints().size() / points.size();
            double[] centre = cluster.getCenter().getPoint();
            List<SampledImage> nearestFirst = cluster.getPoints().stream()
                    .sorted(Comparator.comparingDouble(
                                    (SampledImage each) -> new EuclideanDistance().compute(each.getPoint(), centre))
                            .thenComparing(each -> each.image().image()))
                    .toList();
            for (int i = 0; i < nearestFirst.size(); i++) {
                found.add(nearestFirst.get(i).image().withCentrality(share - i));
            }
        }
        return found;
    }

    private List<CentroidCluster<SampledImage>> clustered(List<SampledImage> points) {
        TreeSet<double[]> different = new TreeSet<>(Arrays::compare);
        points.forEach(point -> different.add(point.getPoint()));
        return points.isEmpty()
                ? List.of()
                : new KMeansPlusPlusClusterer<SampledImage>(
                                Math.min(number, different.size()),
                                MOST_ITERATIONS,
                                new EuclideanDistance(),
                                new Well19937c(SEED))
                        .cluster(points);
    }
}
