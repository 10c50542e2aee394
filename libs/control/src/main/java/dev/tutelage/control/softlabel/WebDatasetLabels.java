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
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A tar a shard, named by its digest: of each image its bytes, {@code .cls} with the number of the likeliest class, and
 * {@code .json} with the teacher's probabilities.
 */
public final class WebDatasetLabels implements LabelSink {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final List<String> classes;
    private final ArtifactStore store;

    /**
     * @param output directory to make
     * @throws java.nio.file.FileAlreadyExistsException if there is something already
     */
    public WebDatasetLabels(Path output, List<String> classes, ArtifactStore store) throws IOException {
        this.directory = Files.createDirectory(output);
        this.classes = List.copyOf(classes);
        this.store = store;
    }

    @Override
    public void add(ShardAdded shard, String teacher, List<SoftLabel> labels) throws IOException {
        Map<String, SoftLabel> byImage = new HashMap<>();
        labels.forEach(label -> byImage.put(label.image(), label));
        String digest = shard.getShard().getDigest();
        Path fetched = directory.resolve("." + digest);
        try {
            store.fetch(shard.getShard(), fetched);
            try (InputStream in = new BufferedInputStream(Files.newInputStream(fetched));
                    ShardWriter out = new ShardWriter(
                            new BufferedOutputStream(Files.newOutputStream(directory.resolve(digest + ".tar"))))) {
                new TarStreamSource(in, "shard " + digest, "").forEach(image -> copy(image, teacher, byImage, out));
            }
        } finally {
            Files.deleteIfExists(fetched);
        }
    }

    /** Of equal images the first is copied; what cannot be used has no label. */
    private void copy(SourceImage image, String teacher, Map<String, SoftLabel> byImage, ShardWriter out)
            throws IOException {
        byte[] encoded;
        try {
            encoded = image.content().encoded();
        } catch (UnusableImageException e) {
            return;
        }
        SoftLabel label = byImage.remove(Sha256.of(encoded));
        if (label != null) {
            out.add(image.key(), encoded, OptionalInt.of(label.likeliest()));
            out.addJson(image.key(), JSON.writeValueAsBytes(json(label, teacher)));
        }
    }

    private ObjectNode json(SoftLabel label, String teacher) {
        ObjectNode json = JSON.createObjectNode();
        json.put("image", label.image());
        json.put("teacher", teacher);
        json.put("class", classes.get(label.likeliest()));
        json.put("confidence", label.confidence());
        ArrayNode probabilities = json.putArray("probabilities");
        label.probabilities().forEach(probabilities::add);
        return json;
    }

    @Override
    public void close() {
        // Each tar is closed when its shard is written.
    }
}
