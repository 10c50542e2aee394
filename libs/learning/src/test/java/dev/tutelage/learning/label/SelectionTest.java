package dev.tutelage.learning.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.recipe.SelectionRecipe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {
    private static final int VIEWS = 3;
    private static final int CLASSES = 4;
    private static final int IMAGES = 400;
    private static final LabelRecipe RECIPE =
            Recipes.LABEL.override(Recipes.LABEL.preset("quick"), "{\"views\":" + VIEWS + "}");
    /** A teacher's logits of one image, [K, classes]. */
    private static final Map<String, float[]> NOW = logits(1, IMAGES);

    private static final Map<String, float[]> BEFORE = logits(2, IMAGES);
    /** This one has seen but a part of the images. */
    private static final Map<String, float[]> LONG_AGO = logits(3, IMAGES / 2);

    @Test
    void everythingIsKeptUnlessSomethingIsAsked() {
        Selection all = select("{}");
        assertThat(all.images()).isEqualTo(NOW.keySet());
        assertThat(all.left()).containsExactly(new Selection.Left("labeled", IMAGES));
        assertThat(Recipes.SELECTION.preset("everything").keepsEverything()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.4, 0.6, 0.9, 1})
    void confidenceIsThatOfTheMeanOverTheViews(double least) {
        Set<String> expected = new HashSet<>();
        NOW.forEach((digest, logits) -> {
            double[] mean = naiveMean(logits);
            boolean confident = false;
            for (double probability : mean) {
                confident |= probability >= least;
            }
            if (confident) {
                expected.add(digest);
            }
        });
        Selection selection = select("{\"minConfidence\":" + least + "}");
        assertThat(selection.images()).isEqualTo(expected);
        assertThat(selection.left())
                .containsExactly(
                        new Selection.Left("labeled", IMAGES), new Selection.Left("minConfidence", expected.size()));
    }

    @Test
    void whoAsksForMoreConfidenceGetsFewerImages() {
        for (String others : List.of("", ",\"agreement\":3", ",\"topPerClass\":25")) {
            Set<String> wider = NOW.keySet();
            for (double least = 0; least <= 1; least += 0.05) {
                Set<String> images =
                        select("{\"minConfidence\":" + least + others + "}").images();
                assertThat(wider).containsAll(images);
                wider = images;
            }
        }
    }

    @Test
    void teachersThatKnowAnImageMustAgree() {
        Set<String> ofTwo = new HashSet<>();
        Set<String> ofThree = new HashSet<>();
        NOW.forEach((digest, logits) -> {
            int now = naiveClass(logits);
            if (naiveClass(BEFORE.get(digest)) == now) {
                ofTwo.add(digest);
                if (!LONG_AGO.containsKey(digest) || naiveClass(LONG_AGO.get(digest)) == now) {
                    ofThree.add(digest);
                }
            }
        });
        assertThat(ofThree).isNotEmpty();
        assertThat(Selection.of(recipe("{\"agreement\":2}"), shards("now", NOW, 3), shards("before", BEFORE, 2))
                        .images())
                .isEqualTo(ofTwo)
                .isNotEqualTo(ofThree);
        assertThat(select("{\"agreement\":3}").images()).isEqualTo(ofThree);
    }

    @Test
    void theMostConfidentOfEachClassAreTaken() {
        TreeMap<Integer, List<String>> classes = new TreeMap<>();
        NOW.forEach((digest, logits) -> classes.computeIfAbsent(naiveClass(logits), none -> new ArrayList<>())
                .add(digest));
        Set<String> expected = new HashSet<>();
        for (List<String> members : classes.values()) {
            for (int taken = 0; taken < 30 && !members.isEmpty(); taken++) {
                String best = members.get(0);
                for (String member : members) {
                    best = naiveConfidence(NOW.get(member)) > naiveConfidence(NOW.get(best)) ? member : best;
                }
                members.remove(best);
                expected.add(best);
            }
        }
        assertThat(select("{\"topPerClass\":30}").images()).isEqualTo(expected);
    }

    @Test
    void equallyConfidentImagesAreDrawnBySeed() {
        Map<String, float[]> alike = new HashMap<>();
        NOW.keySet().forEach(digest -> alike.put(digest, new float[VIEWS * CLASSES]));
        Set<String> drawn = select("{\"topPerClass\":30}", alike).images();
        assertThat(drawn).hasSize(30);
        assertThat(select("{\"topPerClass\":30}", alike).images()).isEqualTo(drawn);
        assertThat(select("{\"topPerClass\":30,\"seed\":2}", alike).images())
                .hasSize(30)
                .isNotEqualTo(drawn);
        assertThat(select("{\"topPerClass\":31}", alike).images()).containsAll(drawn);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.25, 2, 100})
    void noClassHasMoreThanSoManyTimesTheRarest(double factor) {
        Map<Integer, Integer> sizes = sizes(NOW.keySet());
        int rarest = Collections.min(sizes.values());
        assertThat(rarest).as("classes differ").isLessThan(Collections.max(sizes.values()) / 2);
        Set<String> balanced = select("{\"maxImbalance\":" + factor + "}").images();
        sizes.replaceAll((number, size) -> Math.min(size, (int) (factor * rarest)));
        assertThat(sizes(balanced)).isEqualTo(sizes);
        assertThat(select("{\"maxImbalance\":" + 2 * factor + "}").images()).containsAll(balanced);
        boolean drawn = balanced.size() < IMAGES;
        assertThat(select("{\"maxImbalance\":" + factor + ",\"seed\":2}")
                        .images()
                        .equals(balanced))
                .isEqualTo(!drawn);
    }

    @Test
    void classesThatNoImageIsOfDoNotCountAsTheRarest() {
        Map<String, float[]> twoClasses = new HashMap<>();
        NOW.forEach((digest, logits) -> {
            if (naiveClass(logits) > 1) {
                twoClasses.put(digest, logits);
            }
        });
        assertThat(sizes(select("{\"maxImbalance\":1}", twoClasses).images()))
                .hasSize(2)
                .doesNotContainValue(0);
        assertThat(select("{\"maxImbalance\":1,\"minConfidence\":1}").images()).isEmpty();
    }

    @Test
    void eachCriterionLooksAtWhatTheOnesBeforeItLeft() {
        Selection selection = select("{\"minConfidence\":0.4,\"agreement\":3,\"topPerClass\":20,\"maxImbalance\":1}");
        Set<String> before = select("{\"minConfidence\":0.4,\"agreement\":3,\"topPerClass\":20}")
                .images();
        int rarest = Collections.min(sizes(before).values());
        assertThat(selection.images()).hasSize(rarest * sizes(before).size()).isSubsetOf(before);
        assertThat(selection.left())
                .extracting(Selection.Left::criterion)
                .containsExactly("labeled", "minConfidence", "agreement", "topPerClass", "maxImbalance");
        assertThat(selection.left()).extracting(Selection.Left::images).isSortedAccordingTo((a, b) -> b - a);
        assertThat(selection)
                .hasToString(IMAGES + " labeled, " + selection.left().get(1).images() + " after minConfidence, "
                        + selection.left().get(2).images() + " after agreement, " + before.size()
                        + " after topPerClass, " + selection.images().size() + " after maxImbalance");
    }

    @Test
    void theOrderAndTheCutOfShardsChangeNothing() {
        SelectionRecipe recipe =
                recipe("{\"minConfidence\":0.4,\"agreement\":3,\"topPerClass\":40,\"maxImbalance\":1.5}");
        Selection once = select("{\"minConfidence\":0.4,\"agreement\":3,\"topPerClass\":40,\"maxImbalance\":1.5}");
        for (int seed = 0; seed < 5; seed++) {
            List<SoftLabels> labels = shards("now", NOW, 1 + 7 * seed);
            Collections.shuffle(labels, new Random(seed));
            labels.addAll(labels.subList(0, 1));
            List<SoftLabels> earlier = shards("before", BEFORE, 11);
            earlier.addAll(shards("long ago", LONG_AGO, 1 + seed));
            Collections.shuffle(earlier, new Random(seed));
            Selection again = Selection.of(recipe, labels, earlier);
            assertThat(again.images()).isEqualTo(once.images());
            assertThat(again.left()).isEqualTo(once.left());
        }
    }

    @Test
    void aSelectionThatLeavesNothingTellsWhatLeftIt() {
        Selection nothing = select("{\"minConfidence\":1,\"agreement\":3,\"maxImbalance\":2}");
        assertThatThrownBy(nothing::someImages)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the selection leaves no image to learn from: 400 labeled, 0 after minConfidence, 0 after"
                        + " agreement, 0 after maxImbalance. Ask for less");
        assertThat(select("{}").someImages()).hasSize(IMAGES);
    }

    @Test
    void labelsThatDoNotGoTogetherAreRefused() {
        List<SoftLabels> now = shards("now", NOW, 1);
        List<SoftLabels> before = shards("before", BEFORE, 1);
        assertThatThrownBy(() -> Selection.of(recipe("{}"), List.of(now.get(0), before.get(0)), List.of()))
                .hasMessage("the labels to select from are of 2 teachers, not of 1 at most");
        assertThatThrownBy(() -> Selection.of(recipe("{}"), now, before))
                .hasMessage("the labels to compare with are of 1 teachers, not of 0 at most");
        SoftLabels other =
                new SoftLabels(before.get(0).origin(), 2, List.of(digest(0)), new long[VIEWS], new float[VIEWS * 2]);
        assertThatThrownBy(() -> Selection.of(recipe("{\"agreement\":2}"), now, List.of(other)))
                .hasMessage("soft labels of [2, 4] classes cannot be compared");
    }

    private static Selection select(String recipe) {
        return select(recipe, NOW);
    }

    private static Selection select(String recipe, Map<String, float[]> now) {
        List<SoftLabels> earlier = new ArrayList<>();
        if (recipe(recipe).agreement() == 3) {
            earlier.addAll(shards("before", BEFORE, 2));
            earlier.addAll(shards("long ago", LONG_AGO, 1));
        }
        return Selection.of(recipe(recipe), shards("now", now, 3), earlier);
    }

    private static SelectionRecipe recipe(String overrides) {
        return Recipes.SELECTION.override(Recipes.SELECTION.preset("everything"), overrides);
    }

    /** The first class is likelier than the others, and they differ in how sure one can be. */
    private static Map<String, float[]> logits(int seed, int images) {
        Random truth = new Random(9);
        Random random = new Random(seed);
        Map<String, float[]> logits = new TreeMap<>();
        for (int image = 0; image < images; image++) {
            float[] values = new float[VIEWS * CLASSES];
            int right = Math.max(0, truth.nextInt(CLASSES + 3) - 3);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian() * 2 + (i % CLASSES == right ? 2 : 0);
            }
            logits.put(digest(image), values);
        }
        return logits;
    }

    /** The images spread over some shards. */
    private static List<SoftLabels> shards(String teacher, Map<String, float[]> logits, int count) {
        List<String> digests = new ArrayList<>(logits.keySet());
        List<SoftLabels> shards = new ArrayList<>();
        for (int shard = 0; shard < count; shard++) {
            int number = shard;
            List<String> members = IntStream.range(0, digests.size())
                    .filter(i -> i % count == number)
                    .mapToObj(digests::get)
                    .toList();
            float[] values = new float[members.size() * VIEWS * CLASSES];
            for (int i = 0; i < members.size(); i++) {
                System.arraycopy(logits.get(members.get(i)), 0, values, i * VIEWS * CLASSES, VIEWS * CLASSES);
            }
            shards.add(new SoftLabels(
                    new SoftLabels.Origin(teacher, "shard " + shard, RECIPE),
                    CLASSES,
                    members,
                    new long[members.size() * VIEWS],
                    values));
        }
        return shards;
    }

    private static Map<Integer, Integer> sizes(Set<String> digests) {
        Map<Integer, Integer> sizes = new TreeMap<>();
        digests.forEach(digest -> sizes.merge(naiveClass(NOW.get(digest)), 1, Integer::sum));
        return sizes;
    }

    private static double[] naiveMean(float[] logits) {
        double[] mean = new double[CLASSES];
        for (int view = 0; view < VIEWS; view++) {
            double sum = 0;
            for (int c = 0; c < CLASSES; c++) {
                sum += Math.exp(logits[view * CLASSES + c]);
            }
            for (int c = 0; c < CLASSES; c++) {
                mean[c] += Math.exp(logits[view * CLASSES + c]) / sum / VIEWS;
            }
        }
        return mean;
    }

    private static double naiveConfidence(float[] logits) {
        double[] mean = naiveMean(logits);
        return mean[naiveClass(logits)];
    }

    private static int naiveClass(float[] logits) {
        double[] mean = naiveMean(logits);
        int best = 0;
        for (int c = 1; c < CLASSES; c++) {
            if (mean[c] > mean[best]) {
                best = c;
            }
        }
        return best;
    }

    private static String digest(int image) {
        return Sha256.of(("image " + image).getBytes(StandardCharsets.UTF_8));
    }
}
