package dev.tutelage.labeler;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.hygiene.Findings;
import dev.tutelage.learning.hygiene.HeldOutImages;
import dev.tutelage.learning.hygiene.Inspector;
import dev.tutelage.learning.hygiene.LabeledImages;
import dev.tutelage.learning.label.Answer;
import dev.tutelage.learning.label.Labeling;
import dev.tutelage.learning.label.LogitSource;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CommittedLabelsTest {
    private static final ImageShape SHAPE = new ImageShape(1, 1, 1);
    private static final LabelRecipe RECIPE = recipe("{\"views\":1}");
    private static final CommittedLabels.Key KEY = key("teacher", RECIPE);
    private static final CommittedLabels.Key OTHER_RECIPE = key("teacher", recipe("{\"views\":1,\"seed\":5}"));

    private final List<SoftLabelsAdded> log = new ArrayList<>();
    private final Map<String, SoftLabels> store = new HashMap<>();
    private final Deque<Runnable> background = new ArrayDeque<>();
    private final CommittedLabels committed = labels(1000);
    private int read;

    @Test
    void labelsThatAreNotCommittedAreNoneToLinkTo() {
        SoftLabels labels = label("a", RECIPE, "x", "y");
        committed.made(file("a"), labels);
        assertThat(linked(KEY, "x")).isEmpty();
        log.add(fact("a", "teacher", 2));
        assertThat(linked(KEY, "x", "y", "z")).containsExactly("a", "a");
        assertThat(background).as("what was made here is not read back").isEmpty();
    }

    @Test
    void labelsOfOthersAreReadInTheBackground() {
        assertThat(linked(KEY, "x")).isEmpty();
        store.put("a", label("a", RECIPE, "x", "y"));
        log.add(fact("a", "teacher", 2));
        assertThat(linked(KEY, "x")).isEmpty();
        background.forEach(Runnable::run);
        assertThat(linked(KEY, "x", "y")).containsExactly("a", "a");
    }

    @Test
    void labelsFromBeforeAreReadWhenTheTeacherIsFirstAskedFor() {
        store.put("a", label("a", RECIPE, "x"));
        log.add(fact("a", "teacher", 1));
        log.add(fact("b", "another", 1));
        log.add(fact("gone", "teacher", 1));
        assertThat(linked(KEY, "x")).isEmpty();
        assertThat(background).hasSize(2);
        background.forEach(Runnable::run);
        assertThat(linked(KEY, "x")).containsExactly("a");
    }

    /** Their views are others, so one cannot stand for the other. */
    @Test
    void labelsOfAnotherRecipeOrTeacherAreNoneToLinkTo() {
        store.put("a", label("a", RECIPE, "x"));
        log.add(fact("a", "teacher", 1));
        linked(KEY, "x");
        background.forEach(Runnable::run);
        assertThat(linked(KEY, "x")).containsExactly("a");
        assertThat(linked(OTHER_RECIPE, "x")).isEmpty();
        background.forEach(Runnable::run);
        assertThat(linked(OTHER_RECIPE, "x")).isEmpty();
        assertThat(linked(key("another", RECIPE), "x")).isEmpty();
    }

    @Test
    void onlyAsMuchIsReadAsCanBeRemembered() {
        CommittedLabels few = labels(10);
        for (int i = 0; i < 100; i++) {
            store.put("s" + i, label("s" + i, RECIPE, "image-" + i));
            log.add(fact("s" + i, "teacher", 1));
        }
        LabeledImages images = few.images(KEY);
        background.forEach(Runnable::run);
        assertThat(read).isEqualTo(10);
        assertThat(images.size()).isEqualTo(10);
        assertThat(linked(images, "image-89", "image-90", "image-99")).containsExactly("s90", "s99");
    }

    private CommittedLabels labels(int capacity) {
        return new CommittedLabels(capacity, this::news, this::fetch, background::add);
    }

    private List<SoftLabelsAdded> news() {
        List<SoftLabelsAdded> news = List.copyOf(log);
        log.clear();
        return news;
    }

    private Optional<SoftLabels> fetch(Artifact file) {
        read++;
        return Optional.ofNullable(store.get(file.getDigest()));
    }

    private List<String> linked(CommittedLabels.Key key, String... images) {
        return linked(committed.images(key), images);
    }

    /** The shards that images of a new shard are linked to, but for those that are not linked. */
    private static List<String> linked(LabeledImages before, String... images) {
        Findings findings = new Inspector(RECIPE.hygiene(), HeldOutImages.none(RECIPE.hygiene()), before)
                .inspect("new", images(images));
        return findings.relations().links().stream().map(link -> link.shard()).toList();
    }

    private static SoftLabels label(String shard, LabelRecipe recipe, String... names) {
        ImageSet images = images(names);
        LabeledImages none = new LabeledImages(recipe.hygiene(), 1);
        Findings findings =
                new Inspector(recipe.hygiene(), HeldOutImages.none(recipe.hygiene()), none).inspect(shard, images);
        SoftLabels.Origin origin = new SoftLabels.Origin("teacher", shard, recipe);
        return Labeling.run(new Ignorant(), images, origin, done -> {}).with(findings.relations());
    }

    /** A teacher to whom all classes are equally likely. */
    private static final class Ignorant implements LogitSource {
        @Override
        public ImageShape images() {
            return SHAPE;
        }

        @Override
        public int classes() {
            return 2;
        }

        @Override
        public Answer answer(NDArray batch) {
            return Answer.ofLogits(new float[2 * (int) batch.getShape().get(0)]);
        }
    }

    private static ImageSet images(String... names) {
        List<String> digests = Stream.of(names)
                .map(name -> Sha256.of(name.getBytes(StandardCharsets.UTF_8)))
                .toList();
        return ImageSet.of(SHAPE, Arrays.asList(names), new byte[names.length], digests, Optional.empty());
    }

    private static SoftLabelsAdded fact(String shard, String teacher, int images) {
        return SoftLabelsAdded.newBuilder()
                .setTask("birds")
                .setShard(shard)
                .setTeacher(teacher)
                .setLogits(file(shard))
                .setImages(images)
                .build();
    }

    private static Artifact file(String digest) {
        return Artifact.newBuilder().setDigest(digest).build();
    }

    private static CommittedLabels.Key key(String teacher, LabelRecipe recipe) {
        return new CommittedLabels.Key(new CommittedLabels.Labeler("birds", teacher), recipe);
    }

    private static LabelRecipe recipe(String overrides) {
        return Recipes.LABEL.override(Recipes.LABEL.preset("quick"), overrides);
    }
}
