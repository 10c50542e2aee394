package dev.tutelage.learning.label;

import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.SelectionRecipe;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The images that a student learns from, out of those that its teacher has labeled. It follows from the soft labels and the
 * recipe alone, so it can be made again at any time; the order of shards and how they are cut changes nothing.
 */
public final class Selection {
    private final SelectionRecipe recipe;
    private final List<Left> left = new ArrayList<>();
    private List<Candidate> candidates;

    /**
     * How many images there were after a criterion.
     *
     * @param criterion the recipe's field; {@code labeled} for what there was to choose from
     */
    public record Left(String criterion, int images) {}

    private record Candidate(String digest, Prediction prediction) {}

    private Selection(SelectionRecipe recipe, List<Candidate> candidates) {
        this.recipe = recipe;
        this.candidates = candidates;
        left.add(new Left("labeled", candidates.size()));
    }

    /**
     * Selects images. One that is labeled in several shards counts once.
     *
     * @param labels the teacher's, of all shards
     * @param earlier those of earlier teachers, whose word is asked about the images that they labeled; one that knows an
     *     image not does not count there
     * @throws IllegalArgumentException if {@code labels} are of several teachers, {@code earlier} of more than the recipe
     *     asks, or the numbers of classes differ
     */
    public static Selection of(SelectionRecipe recipe, List<SoftLabels> labels, List<SoftLabels> earlier) {
        requireTeachers("the labels to select from", labels, 1);
        requireTeachers("the labels to compare with", earlier, recipe.agreement() - 1);
        requireClasses(labels, earlier);
        Selection selection = new Selection(recipe, candidates(labels));
        selection.confident();
        selection.agreed(earlier);
        selection.best();
        selection.balanced();
        return selection;
    }

    private static void requireTeachers(String what, List<SoftLabels> labels, int most) {
        Set<String> teachers =
                labels.stream().map(shard -> shard.origin().teacher()).collect(Collectors.toSet());
        if (teachers.size() > most) {
            throw new IllegalArgumentException(
                    what + " are of " + teachers.size() + " teachers, not of " + most + " at most");
        }
    }

    private static void requireClasses(List<SoftLabels> labels, List<SoftLabels> earlier) {
        Set<Integer> classes = new HashSet<>();
        labels.forEach(shard -> classes.add(shard.classes()));
        earlier.forEach(shard -> classes.add(shard.classes()));
        if (classes.size() > 1) {
            throw new IllegalArgumentException("soft labels of " + classes + " classes cannot be compared");
        }
    }

    private static List<Candidate> candidates(List<SoftLabels> labels) {
        List<Candidate> candidates = new ArrayList<>();
        predictions(labels).forEach((digest, prediction) -> candidates.add(new Candidate(digest, prediction)));
        return candidates;
    }

    private static Map<String, Prediction> predictions(List<SoftLabels> labels) {
        Map<String, Prediction> predictions = new HashMap<>();
        for (SoftLabels shard : labels) {
            for (int image = 0; image < shard.size(); image++) {
                predictions.putIfAbsent(shard.imageDigest(image), Prediction.of(shard.probabilities(image)));
            }
        }
        return predictions;
    }

    private void confident() {
        if (recipe.minConfidence() > 0) {
            keep(
                    "minConfidence",
                    candidates.stream()
                            .filter(candidate -> candidate.prediction().confidence() >= recipe.minConfidence())
                            .toList());
        }
    }

    private void agreed(List<SoftLabels> earlier) {
        if (recipe.agreement() > 1) {
            Collection<List<SoftLabels>> teachers = earlier.stream()
                    .collect(Collectors.groupingBy(shard -> shard.origin().teacher()))
                    .values();
            List<Candidate> agreed = candidates;
            for (List<SoftLabels> teacher : teachers) {
                Map<String, Prediction> theirs = predictions(teacher);
                agreed = agreed.stream()
                        .filter(candidate -> candidate.prediction().likeliest()
                                == theirs.getOrDefault(candidate.digest(), candidate.prediction())
                                        .likeliest())
                        .toList();
            }
            keep("agreement", agreed);
        }
    }

    private void best() {
        if (recipe.topPerClass() > 0) {
            Comparator<Candidate> surest = Comparator.comparingDouble(
                    (Candidate candidate) -> candidate.prediction().confidence());
            keep(
                    "topPerClass",
                    firstOfEachClass(recipe.topPerClass(), surest.reversed().thenComparing(drawn("top"))));
        }
    }

    private void balanced() {
        if (recipe.maxImbalance() > 0) {
            int rarest = byClass().stream().mapToInt(List::size).min().orElse(0);
            int most = (int) Math.min(Integer.MAX_VALUE, recipe.maxImbalance() * rarest);
            keep("maxImbalance", firstOfEachClass(most, drawn("balance")));
        }
    }

    /** A random order that is the same for an image whatever other images there are. */
    private Comparator<Candidate> drawn(String purpose) {
        Seed seed = new Seed(recipe.seed()).of("selection").of(purpose);
        return Comparator.comparingLong(
                        (Candidate candidate) -> seed.of(candidate.digest()).value())
                .thenComparing(Candidate::digest);
    }

    private List<Candidate> firstOfEachClass(int most, Comparator<Candidate> order) {
        return byClass().stream()
                .flatMap(members -> members.stream().sorted(order).limit(most))
                .toList();
    }

    private Collection<List<Candidate>> byClass() {
        return candidates.stream()
                .collect(Collectors.groupingBy(
                        candidate -> candidate.prediction().likeliest(), TreeMap::new, Collectors.toList()))
                .values();
    }

    private void keep(String criterion, List<Candidate> kept) {
        candidates = kept;
        left.add(new Left(criterion, kept.size()));
    }

    /** The digests of the selected images. */
    public Set<String> images() {
        return candidates.stream().map(Candidate::digest).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The digests of the selected images, of which there must be some.
     *
     * @throws IllegalArgumentException if there is none, telling what each criterion left
     */
    public Set<String> someImages() {
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException(
                    "the selection leaves no image to learn from: " + this + ". Ask for less");
        }
        return images();
    }

    /** How many images each criterion left, in their order; criteria that are off are not there. */
    public List<Left> left() {
        return List.copyOf(left);
    }

    /** As {@code 600 labeled, 412 after minConfidence, 390 after agreement}. */
    @Override
    public String toString() {
        return left.stream()
                .map(step -> step.images() + (step.criterion().equals("labeled") ? " " : " after ") + step.criterion())
                .collect(Collectors.joining(", "));
    }
}
