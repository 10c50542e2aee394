package dev.tutelage.learning.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.learning.data.FashionMnist;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.recipe.HygieneRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InspectorTest {
    private static final ImageSet TRAIN = FashionMnist.train();
    private static final HeldOutImages NOTHING = HeldOutImages.none(HygieneRecipe.USUAL);

    private final LabeledImages before = new LabeledImages(HygieneRecipe.USUAL, 10_000);

    @Test
    void ofEqualImagesTheFirstIsLabeledAndTheOthersAreLinkedToItsShard() {
        Findings first = commit("a", TRAIN.subset(new int[] {0, 1, 0, 2, 1}));
        assertThat(first.labeled()).containsExactly(0, 1, 3);
        assertThat(first.relations().links())
                .containsExactly(new Link(TRAIN.digest(0), "a"), new Link(TRAIN.digest(1), "a"));

        Findings second = commit("b", TRAIN.subset(new int[] {3, 2, 4}));
        assertThat(second.labeled()).containsExactly(0, 2);
        assertThat(second.relations().links()).containsExactly(new Link(TRAIN.digest(2), "a"));
        assertThat(second.relations().hashes()).hasSize(2);
        Findings third = commit("c", TRAIN.subset(new int[] {0, 3}));
        assertThat(third.labeled()).as("all of it is labeled elsewhere").isEmpty();
        assertThat(third.relations().links())
                .containsExactly(new Link(TRAIN.digest(0), "a"), new Link(TRAIN.digest(3), "b"));
    }

    @Test
    void aShardThatIsLabeledAnewIsNoDuplicateOfItself() {
        ImageSet images = TRAIN.subset(new int[] {0, 1, 2});
        commit("a", images);
        assertThat(inspect("a", images).labeled()).containsExactly(0, 1, 2);
    }

    @Test
    void everythingIsLabeledWhereThatIsWanted() {
        HygieneRecipe again = new HygieneRecipe(false, 3, 8, 5);
        Findings findings = new Inspector(again, NOTHING, before).inspect("a", TRAIN.subset(new int[] {0, 0, 1}));
        assertThat(findings.labeled()).containsExactly(0, 1, 2);
        assertThat(findings.relations().links()).isEmpty();
        assertThat(findings.relations().resemblances())
                .as("equal images are no near ones")
                .isEmpty();
    }

    @Test
    void heldOutImagesAreNeitherLabeledNorLinked() {
        HeldOutImages heldOut = HeldOutImages.of(List.of(TRAIN.subset(new int[] {5})), HygieneRecipe.USUAL);
        commit("a", TRAIN.subset(new int[] {5}));
        Findings findings =
                new Inspector(HygieneRecipe.USUAL, heldOut, before).inspect("b", TRAIN.subset(new int[] {4, 5, 6, 5}));
        assertThat(findings.labeled()).containsExactly(0, 2);
        assertThat(findings.leaks()).extracting(Leak::index).containsExactly(1, 3);
        assertThat(findings.leaks().get(0).reason()).isEqualTo("is held out: its bytes are those of " + TRAIN.key(5));
        assertThat(findings.relations().links()).isEmpty();
    }

    /** Every image is in exactly one of the three, and every flag is what a look at all earlier ones tells. */
    @Test
    void aStreamIsSortedAsALookAtAllOfItWouldSortIt() {
        ImageSet stream =
                TRAIN.subset(IntStream.range(0, 3000).map(i -> i * 7 % 2500).toArray());
        Appearance.Viewer viewer = new Appearance.Viewer(stream.shape());
        List<Long> hashes = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        int flagged = 0;
        for (int from = 0; from < stream.size(); from += 100) {
            ImageSet shard = stream.subset(IntStream.range(from, from + 100).toArray());
            Findings findings = commit("shard-" + from, shard);
            List<Resemblance> expected = new ArrayList<>();
            int linked = 0;
            for (int i = 0; i < shard.size(); i++) {
                String digest = shard.digest(i);
                if (digests.contains(digest)) {
                    linked++;
                    continue;
                }
                long hash = viewer.look(shard.pixels(i)).hash();
                nearest(hashes, digests, digest, hash).ifPresent(expected::add);
                hashes.add(hash);
                digests.add(digest);
            }
            assertThat(findings.relations().resemblances()).isEqualTo(expected);
            assertThat(findings.relations().links()).hasSize(linked);
            assertThat(findings.labeled().size() + linked).isEqualTo(shard.size());
            flagged += expected.size();
        }
        assertThat(digests).hasSizeBetween(2490, 2500);
        assertThat(flagged).as("near duplicates").isPositive();
    }

    private static Optional<Resemblance> nearest(List<Long> hashes, List<String> digests, String digest, long hash) {
        Optional<Resemblance> nearest = Optional.empty();
        for (int i = 0; i < hashes.size(); i++) {
            int distance = PerceptualHash.distance(hash, hashes.get(i));
            if (distance <= HygieneRecipe.USUAL.nearDistance()
                    && (nearest.isEmpty() || distance < nearest.get().distance())) {
                nearest = Optional.of(new Resemblance(digest, digests.get(i), distance));
            }
        }
        return nearest;
    }

    private Findings inspect(String shard, ImageSet images) {
        return new Inspector(HygieneRecipe.USUAL, NOTHING, before).inspect(shard, images);
    }

    /** Inspects a shard and remembers its labels. */
    private Findings commit(String shard, ImageSet images) {
        Findings findings = inspect(shard, images);
        List<String> labeled = findings.labeled().stream().map(images::digest).toList();
        before.add(shard, labeled, findings.relations().hashes());
        return findings;
    }
}
