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
                .map(each -> new Candidate(
                        newest.image(each.number()),
                        shard,
                        teacher,
                        guesses(newest.probabilities(each.number())),
                        each.margin(),
                        each.entropy(),
                        each.disagreement()))
                .toList();
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
