package dev.tutelage.labeler;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.learning.hygiene.LabeledImages;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.recipe.LabelRecipe;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The images whose labels are committed: only to those may another image be linked, because a label that is still being made
 * may never be. Labels made here are known by heart until their fact is seen on Kafka; those of other workers, and of before
 * this process began, are read from the store in the background, and until then their duplicates are labeled again.
 */
final class CommittedLabels {
    /** A new teacher takes over from an old one whose last requests are still there, and there may be several tasks. */
    private static final int INDEXES = 8;

    private static final int TEACHERS = 16;
    private static final int PENDING = 64;

    private final int capacity;
    private final Supplier<List<SoftLabelsAdded>> news;
    private final Function<Artifact, Optional<SoftLabels>> files;
    private final Executor background;
    private final Map<Key, LabeledImages> indexes = new RecentlyUsed<>(INDEXES);
    private final Map<Labeler, Newest> committed = new RecentlyUsed<>(TEACHERS);
    private final Map<String, SoftLabels> pending = new RecentlyUsed<>(PENDING);

    /** Labels that may stand for each other: of one teacher, drawn by one recipe. */
    record Key(Labeler labeler, LabelRecipe recipe) {}

    record Labeler(String task, String teacher) {}

    private record Committed(Artifact file, int images) {}

    /** Of the committed labels of a teacher, the newest that fill the capacity. */
    private static final class Newest {
        private final int capacity;
        private final Deque<Committed> labels = new ArrayDeque<>();
        private long images;

        Newest(int capacity) {
            this.capacity = capacity;
        }

        void add(Committed latest) {
            labels.add(latest);
            images += latest.images();
            while (images - labels.getFirst().images() >= capacity) {
                images -= labels.removeFirst().images();
            }
        }
    }

    /**
     * Labels that others may be linked to.
     *
     * @param capacity images that are remembered of a teacher
     * @param news the facts that were committed since it was last asked
     * @param files the soft labels in a file, unless it cannot be read
     * @param background for reading them
     */
    CommittedLabels(
            int capacity,
            Supplier<List<SoftLabelsAdded>> news,
            Function<Artifact, Optional<SoftLabels>> files,
            Executor background) {
        this.capacity = capacity;
        this.news = news;
        this.files = files;
        this.background = background;
    }

    /** The images with committed labels, as far as they are known now; goes on learning of more. */
    synchronized LabeledImages images(Key key) {
        news.get().forEach(this::commit);
        return Optional.ofNullable(indexes.get(key)).orElseGet(() -> {
            LabeledImages index = new LabeledImages(key.recipe().hygiene(), capacity);
            indexes.put(key, index);
            Optional.ofNullable(committed.get(key.labeler()))
                    .ifPresent(known -> known.labels.forEach(labels -> add(labels.file(), key, index)));
            return index;
        });
    }

    /** Takes note of labels that are about to be committed. */
    synchronized void made(Artifact file, SoftLabels labels) {
        pending.put(file.getDigest(), labels);
    }

    private void commit(SoftLabelsAdded fact) {
        Labeler labeler = new Labeler(fact.getTask(), fact.getTeacher());
        indexes.forEach((key, index) -> {
            if (key.labeler().equals(labeler)) {
                add(fact.getLogits(), key, index);
            }
        });
        pending.remove(fact.getLogits().getDigest());
        committed
                .computeIfAbsent(labeler, none -> new Newest(capacity))
                .add(new Committed(fact.getLogits(), fact.getImages()));
    }

    private void add(Artifact file, Key key, LabeledImages index) {
        Optional<SoftLabels> own = Optional.ofNullable(pending.get(file.getDigest()));
        if (own.isPresent()) {
            add(own.get(), key, index);
        } else {
            background.execute(() -> files.apply(file).ifPresent(labels -> add(labels, key, index)));
        }
    }

    private static void add(SoftLabels labels, Key key, LabeledImages index) {
        boolean comparable = labels.relations().hashes().size() == labels.size();
        if (comparable && labels.origin().recipe().equals(key.recipe())) {
            index.add(
                    labels.origin().shard(),
                    labels.imageDigests(),
                    labels.relations().hashes());
        }
    }
}
