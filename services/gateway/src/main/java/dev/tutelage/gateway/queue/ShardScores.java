package dev.tutelage.gateway.queue;

import dev.tutelage.control.softlabel.SoftLabelFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Finds the images of a shard whose label would help most, from what teachers say of all of them. */
final class ShardScores {
    private final int best;
    private final int guesses;

    /**
     * @param best images that are kept by each strategy
     * @param guesses classes that are kept of each
     */
    ShardScores(int best, int guesses) {
        this.best = best;
        this.guesses = guesses;
    }

    /** How unsure teachers are of the image with that number. */
    private record Scored(int number, double margin, double entropy, OptionalDouble disagreement) {
        boolean isFinite() {
            return Double.isFinite(margin) && Double.isFinite(entropy);
        }
    }

    /**
     * The best images by each strategy, each once, in the shard's order.
     *
     * @param newest what the newest teacher says
     * @param before what the teacher before says, if there was one
     */
    List<Candidate> of(String shard, String teacher, SoftLabelFile newest, Optional<SoftLabelFile> before) {
        Map<String, Integer> earlier = new HashMap<>();
        before.ifPresent(file -> IntStream.range(0, file.size()).forEach(i -> earlier.putIfAbsent(file.image(i), i)));
        List<Scored> scored = new ArrayList<>();
        for (int i = 0; i < newest.size(); i++) {
            double[] likely = newest.probabilities(i);
            String image = newest.image(i);
            Optional<double[]> other = before.flatMap(
                    file -> Optional.ofNullable(earlier.get(image)).map(file::probabilities));
            scored.add(new Scored(
                    i, Uncertainty.margin(likely), Uncertainty.entropy(likely), disagreement(likely, other)));
        }
        scored.removeIf(each -> !each.isFinite());
        Set<Scored> kept = new TreeSet<>(Comparator.comparingInt(Scored::number));
        keep(scored, Comparator.comparingDouble(Scored::margin), kept);
        keep(scored, Comparator.comparingDouble(Scored::entropy).reversed(), kept);
        keep(
                scored.stream()
                        .filter(each -> Double.isFinite(each.disagreement().orElse(Double.NaN)))
                        .toList(),
                Comparator.comparingDouble((Scored each) -> each.disagreement().getAsDouble())
                        .reversed(),
                kept);
        return kept.stream()
                .map(each -> candidate(shard, teacher, newest, each))
                .toList();
    }

    /**
     * Some images of a shard, with what the teacher says of them. A digest is as good as a random number, and the same for everyone:
     * those with the smallest digests are taken.
     *
     * @param most images
     */
    List<SampledImage> sample(String shard, String teacher, SoftLabelFile newest, int most) {
        return IntStream.range(0, newest.size())
                .boxed()
                .sorted(Comparator.comparing(newest::image))
                .map(i -> {
                    double[] likely = newest.probabilities(i);
                    return new Scored(
                            i, Uncertainty.margin(likely), Uncertainty.entropy(likely), OptionalDouble.empty());
                })
                .filter(Scored::isFinite)
                .limit(most)
                .map(each ->
                        new SampledImage(candidate(shard, teacher, newest, each), newest.probabilities(each.number())))
                .toList();
    }

    private Candidate candidate(String shard, String teacher, SoftLabelFile newest, Scored scored) {
        return new Candidate(
                newest.image(scored.number()),
                shard,
                teacher,
                guesses(newest.probabilities(scored.number())),
                scored.margin(),
                scored.entropy(),
                scored.disagreement(),
                OptionalDouble.empty());
    }

    private static OptionalDouble disagreement(double[] likely, Optional<double[]> other) {
        return other.isPresent() && other.get().length == likely.length
                ? OptionalDouble.of(Uncertainty.divergence(likely, other.get()))
                : OptionalDouble.empty();
    }

    private void keep(List<Scored> scored, Comparator<Scored> order, Set<Scored> kept) {
        scored.stream().sorted(order).limit(best).forEach(kept::add);
    }

    private List<Candidate.Guess> guesses(double[] likely) {
        return IntStream.range(0, likely.length)
                .mapToObj(c -> new Candidate.Guess(c, likely[c]))
                .sorted(Comparator.comparingDouble(Candidate.Guess::probability).reversed())
                .limit(guesses)
                .toList();
    }
}
