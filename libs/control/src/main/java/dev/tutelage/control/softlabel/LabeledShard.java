package dev.tutelage.control.softlabel;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.learning.data.SourceImage;
import dev.tutelage.learning.data.TarStreamSource;
import dev.tutelage.learning.data.UnusableImageException;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The images of a shard with what a teacher thinks of them: of each image its bytes, {@code .cls} with the number of the
 * likeliest class, and {@code .json} with the probabilities.
 *
 * @param classes of the task
 * @param teacher digest of the checkpoint that the labels are by
 */
record LabeledShard(ShardAdded shard, List<String> classes, String teacher, List<SoftLabel> labels) {
    private static final ObjectMapper JSON = new ObjectMapper();

    LabeledShard {
        classes = List.copyOf(classes);
        labels = List.copyOf(labels);
    }

    String digest() {
        return shard.getShard().getDigest();
    }

    /**
     * Fetches the shard and copies the images that have labels.
     *
     * @param fetched where the shard is kept meanwhile
     * @param prefix before each key; may be empty
     */
    void copy(ArtifactStore store, Path fetched, String prefix, ShardWriter out) throws IOException {
        Map<String, SoftLabel> byImage = new HashMap<>();
        labels.forEach(label -> byImage.put(label.image(), label));
        Set<String> keys = new HashSet<>();
        try {
            store.fetch(shard.getShard(), fetched);
            try (InputStream in = new BufferedInputStream(Files.newInputStream(fetched))) {
                new TarStreamSource(in, "shard " + digest(), prefix).forEach(image -> copy(image, byImage, keys, out));
            }
        } finally {
            Files.deleteIfExists(fetched);
        }
    }

    /**
     * Of equal images the first is copied; what cannot be used has no label. Two images have one key where the shard calls
     * one of them {@code x} and the other {@code ../x}.
     */
    private void copy(SourceImage image, Map<String, SoftLabel> byImage, Set<String> keys, ShardWriter out)
            throws IOException {
        byte[] encoded;
        try {
            encoded = image.content().encoded();
        } catch (UnusableImageException e) {
            return;
        }
        SoftLabel label = byImage.remove(Sha256.of(encoded));
        if (label != null) {
            String key = keys.add(image.key()) ? image.key() : image.key() + "~" + label.image();
            out.add(key, encoded, OptionalInt.of(label.likeliest()));
            out.addJson(key, JSON.writeValueAsBytes(json(label)));
        }
    }

    private ObjectNode json(SoftLabel label) {
        ObjectNode json = JSON.createObjectNode();
        json.put("image", label.image());
        json.put("teacher", teacher);
        json.put("class", classes.get(label.likeliest()));
        json.put("confidence", label.confidence());
        ArrayNode probabilities = json.putArray("probabilities");
        label.probabilities().forEach(probabilities::add);
        return json;
    }
}
