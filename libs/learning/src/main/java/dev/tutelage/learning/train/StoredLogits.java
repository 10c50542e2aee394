package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.augment.View;
import dev.tutelage.learning.augment.ViewRenderer;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.label.SoftLabels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Soft labels that a teacher has given before: stored logits of seeded views. In epoch e the student sees view e modulo
 * their number, drawn again from its seed, so it sees what the teacher saw.
 */
public final class StoredLogits implements TeacherSignal {

    private final ImageSet images;
    private final List<Label> labels;
    private final ViewRenderer renderer;
    private final int views;
    private final int classes;

    /** Where the soft labels of an image are. */
    private record Label(SoftLabels labels, int image) {}

    /** All soft labels of some shards; see {@link #StoredLogits(List, Predicate)}. */
    public StoredLogits(List<LabeledShard> shards) {
        this(shards, digest -> true);
    }

    /**
     * Soft labels of some shards. An image that is in several of them is learned from once, where it is first, whichever of
     * them holds its labels: that one depends on which was labeled sooner, and the order of the images must not.
     *
     * @param shards 1 or more, labeled by one teacher with one recipe
     * @param selected whether to learn from the image with this digest
     * @throws IllegalArgumentException if there is no shard, or the soft labels are of different recipes, teachers or
     *     numbers of classes
     */
    public StoredLogits(List<LabeledShard> shards, Predicate<String> selected) {
        requireOneKind(shards);
        SoftLabels first = shards.get(0).labels();
        this.renderer = new ViewRenderer(first.origin().recipe().crop().interpolation());
        this.views = first.views();
        this.classes = first.classes();
        this.labels = new ArrayList<>();
        Map<String, Label> byDigest = byDigest(shards);
        List<ImageSet> sets = new ArrayList<>();
        for (LabeledShard shard : shards) {
            sets.add(join(shard.images(), byDigest, selected));
        }
        this.images = ImageSet.concat(sets);
    }

    private static Map<String, Label> byDigest(List<LabeledShard> shards) {
        Map<String, Label> labels = new HashMap<>();
        for (LabeledShard shard : shards) {
            shard.labels()
                    .numbers()
                    .forEach((digest, number) -> labels.putIfAbsent(digest, new Label(shard.labels(), number)));
        }
        return labels;
    }

    private static void requireOneKind(List<LabeledShard> shards) {
        if (shards.isEmpty()) {
            throw new IllegalArgumentException("distillation needs 1 shard with soft labels or more");
        }
        SoftLabels first = shards.get(0).labels();
        for (LabeledShard shard : shards) {
            SoftLabels.Origin origin = shard.labels().origin();
            if (!origin.recipe().equals(first.origin().recipe())
                    || !origin.teacher().equals(first.origin().teacher())
                    || shard.labels().classes() != first.classes()) {
                throw new IllegalArgumentException(
                        "the soft labels of shard " + origin.shard() + " are of another teacher, label recipe or"
                                + " number of classes than those of shard "
                                + first.origin().shard());
            }
        }
    }

    /** The wanted images of a shard that have labels and were not in one before, in the shard's order. */
    private ImageSet join(ImageSet shard, Map<String, Label> byDigest, Predicate<String> wanted) {
        List<Integer> joined = new ArrayList<>();
        for (int image = 0; image < shard.size(); image++) {
            String digest = shard.digest(image);
            if (byDigest.containsKey(digest) && wanted.test(digest)) {
                joined.add(image);
                labels.add(byDigest.remove(digest));
            }
        }
        return shard.withoutLabels()
                .subset(joined.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    public ImageSet images() {
        return images;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public Lesson lesson(NDManager scope, int[] batch, int epoch) {
        int view = epoch % views;
        NDArray seen = renderer.render(images.batch(scope, batch), viewsOf(batch, view));
        return new Lesson(seen, logits(scope, batch, view));
    }

    private List<View> viewsOf(int[] batch, int view) {
        List<View> seen = new ArrayList<>(batch.length);
        for (int image : batch) {
            Label label = labels.get(image);
            seen.add(label.labels().view(images.shape(), label.image(), view));
        }
        return seen;
    }

    private NDArray logits(NDManager scope, int[] batch, int view) {
        float[] logits = new float[batch.length * classes];
        for (int i = 0; i < batch.length; i++) {
            Label label = labels.get(batch[i]);
            System.arraycopy(label.labels().logits(label.image(), view), 0, logits, i * classes, classes);
        }
        return scope.create(logits, new Shape(batch.length, classes));
    }

    @Override
    public void identify(Identity identity) {
        identity.with(images);
        for (Label label : labels) {
            for (int view = 0; view < views; view++) {
                identity.with(label.labels().logits(label.image(), view));
            }
        }
    }
}
