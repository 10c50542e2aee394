package dev.tutelage.platform.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.TaskDeclared;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

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
 */
public record Dataset(
        String task, List<String> classes, Image image, List<Part> shards, List<Part> heldOut, List<Part> softLabels) {
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
    }

    /** A dataset of a task's shards. */
    public static Dataset of(
            TaskDeclared task, List<ShardAdded> shards, List<ShardAdded> heldOut, List<SoftLabelsAdded> softLabels) {
        Image image = new Image(
                task.getImage().getChannels(),
                task.getImage().getHeight(),
                task.getImage().getWidth());
        return new Dataset(
                task.getTask(),
                task.getClassesList(),
                image,
                shards.stream().map(shard -> Part.of(shard.getShard())).toList(),
                heldOut.stream().map(shard -> Part.of(shard.getShard())).toList(),
                softLabels.stream().map(labels -> Part.of(labels.getLogits())).toList());
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
            return Optional.ofNullable(JSON.readValue(json, Dataset.class))
                    .orElseThrow(() ->
                            new RunRejectedException("The dataset manifest cannot be read: it is nothing but 'null'"));
        } catch (IOException e) {
            throw new RunRejectedException("The dataset manifest cannot be read: " + e.getMessage(), e);
        }
    }
}
