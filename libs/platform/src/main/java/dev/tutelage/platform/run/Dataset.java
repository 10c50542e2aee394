package dev.tutelage.platform.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.TaskDeclared;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Exactly what a run learns from and is evaluated on. Stored as canonical JSON; the SHA-256 of that is the dataset's
 * fingerprint.
 *
 * @param task the task's name
 * @param classes the task's class names; labels are indices into them
 * @param image shape of every image
 * @param shards to learn from
 * @param heldOut labeled shards to evaluate on; empty if the stage does not evaluate
 * @param softLabels one for each of {@code shards} where the run learns from soft labels, otherwise empty
 * @param labeled labeled shards beside {@code shards}: for probes while pretraining, and for the labels that take part in
 *     distillation; otherwise empty
 * @param selection which of the soft-labeled images are learned from, as canonical JSON of the learning library; empty for
 *     all of them
 * @param earlierSoftLabels soft labels of {@code shards} by earlier teachers, whose word the selection asks; otherwise
 *     empty. Each names its teacher and shard
 * @param replayed shards beside {@code shards}, which are new: a pretraining that goes on from a checkpoint draws images
 *     from these again, that the checkpoint was trained on; otherwise empty
 */
public record Dataset(
        String task,
        List<String> classes,
        Image image,
        List<Part> shards,
        List<Part> heldOut,
        List<Part> softLabels,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Part> labeled,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String selection,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Part> earlierSoftLabels,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Part> replayed) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            // A newer Tutelage may add fields.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Shape of an image: [channels, height, width]. */
    public record Image(int channels, int height, int width) {}

    /**
     * Some bytes that are part of the dataset.
     *
     * @param digest their SHA-256
     * @param size in bytes
     * @param name what they are, for people
     */
    public record Part(String digest, long size, String name) {

        static Part of(Artifact artifact) {
            return new Part(artifact.getDigest(), artifact.getSize(), artifact.getName());
        }

        public Artifact artifact() {
            return Artifact.newBuilder()
                    .setDigest(digest)
                    .setSize(size)
                    .setName(name)
                    .build();
        }
    }

    public Dataset {
        classes = List.copyOf(classes);
        shards = List.copyOf(shards);
        heldOut = List.copyOf(heldOut);
        softLabels = List.copyOf(softLabels);
        labeled = List.copyOf(labeled);
        earlierSoftLabels = List.copyOf(earlierSoftLabels);
        replayed = List.copyOf(replayed);
    }

    /** A dataset of a task's shards, without labeled ones beside them. */
    public static Dataset of(
            TaskDeclared task, List<ShardAdded> shards, List<ShardAdded> heldOut, List<SoftLabelsAdded> softLabels) {
        return of(task, shards, heldOut, softLabels, List.of());
    }

    /** A dataset of a task's shards. */
    public static Dataset of(
            TaskDeclared task,
            List<ShardAdded> shards,
            List<ShardAdded> heldOut,
            List<SoftLabelsAdded> softLabels,
            List<ShardAdded> labeled) {
        Image image = new Image(
                task.getImage().getChannels(),
                task.getImage().getHeight(),
                task.getImage().getWidth());
        return new Dataset(
                task.getTask(),
                task.getClassesList(),
                image,
                parts(shards),
                parts(heldOut),
                logits(softLabels),
                parts(labeled),
                "",
                List.of(),
                List.of());
    }

    /**
     * The same dataset, of which only a part is learned from.
     *
     * @param recipe canonical JSON of the learning library; empty for everything
     * @param earlier soft labels of the same shards by earlier teachers
     */
    public Dataset selecting(String recipe, List<SoftLabelsAdded> earlier) {
        return new Dataset(
                task, classes, image, shards, heldOut, softLabels, labeled, recipe, logits(earlier), replayed);
    }

    /**
     * The same dataset, whose shards are new and are learned from together with earlier ones.
     *
     * @param earlier shards that the checkpoint which the run starts with was trained on
     */
    public Dataset replaying(List<ShardAdded> earlier) {
        return new Dataset(
                task,
                classes,
                image,
                shards,
                heldOut,
                softLabels,
                labeled,
                selection,
                earlierSoftLabels,
                parts(earlier));
    }

    private static List<Part> logits(List<SoftLabelsAdded> softLabels) {
        return softLabels.stream().map(labels -> Part.of(labels.getLogits())).toList();
    }

    private static List<Part> parts(List<ShardAdded> shards) {
        return shards.stream().map(shard -> Part.of(shard.getShard())).toList();
    }

    /** Canonical JSON: equal datasets have equal bytes. */
    public byte[] toJson() {
        try {
            return JSON.writeValueAsString(this).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A dataset can always be written as JSON", e);
        }
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws RunRejectedException if it is no dataset
     */
    public static Dataset ofJson(byte[] json) throws RunRejectedException {
        try {
            JsonNode tree = JSON.readTree(json);
            if (!(tree instanceof ObjectNode dataset)) {
                throw new RunRejectedException("The dataset manifest cannot be read: it is no JSON object");
            }
            for (String list : List.of("labeled", "earlierSoftLabels", "replayed")) {
                if (!dataset.has(list)) {
                    dataset.putArray(list);
                }
            }
            if (!dataset.has("selection")) {
                dataset.put("selection", "");
            }
            return JSON.treeToValue(dataset, Dataset.class);
        } catch (IOException e) {
            throw new RunRejectedException("The dataset manifest cannot be read: " + e.getMessage(), e);
        }
    }
}
