package dev.tutelage.learning.label;

import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.format.Safetensors;
import dev.tutelage.learning.hygiene.Link;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which images a file of {@link SoftLabels} labels and where its labels come from, read without an engine. Reading it
 * makes sure of all that the labels promise: shapes that fit each other and finite logits.
 *
 * @param teacher the digest of the teacher's checkpoint
 * @param shard the digest of the shard whose images are labeled
 * @param classes how many classes there are
 * @param views how many views of each image have logits
 * @param images SHA-256, in hex, of the encoded bytes of each labeled image
 * @param links the images that have no labels here because equal ones have labels
 */
public record SoftLabelIndex(
        String teacher, String shard, int classes, int views, List<String> images, List<Link> links) {
    private static final int HALF_EXPONENT = 0x7c00;

    public SoftLabelIndex {
        images = List.copyOf(images);
        links = List.copyOf(links);
    }

    /**
     * Reads a file.
     *
     * @throws CorruptFileException if it holds no soft labels, or such as cannot be used
     */
    public static SoftLabelIndex read(Path file) throws IOException {
        try {
            return read(file, Safetensors.metadata(file));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, "holds no soft labels that can be used: " + e.getMessage(), e);
        }
    }

    private static SoftLabelIndex read(Path file, Map<String, String> metadata) throws IOException {
        String version = require(metadata, "format_version");
        if (!version.equals(SoftLabels.FORMAT_VERSION)) {
            throw new IllegalArgumentException("its format version is " + version + ", not known here");
        }
        int classes = Integer.parseInt(require(metadata, "classes"));
        int views = Recipes.LABEL.read(require(metadata, "recipe")).views();
        Safetensors.Stored digests = tensor(file, "image_digests", List.of("U8"));
        long images = digests.shape().isEmpty() ? 0 : digests.shape().get(0);
        expect("image_digests", digests, List.of(images, (long) Sha256.BYTES));
        expect("view_seeds", tensor(file, "view_seeds", List.of("I64")), List.of(images, (long) views));
        Safetensors.Stored logits = tensor(file, "logits", List.of("F32", "F16"));
        expect("logits", logits, List.of(images, (long) views, (long) classes));
        requireFinite(logits);
        return new SoftLabelIndex(
                require(metadata, "teacher"),
                require(metadata, "shard"),
                classes,
                views,
                hex(digests.bytes()),
                links(file));
    }

    private static List<Link> links(Path file) throws IOException {
        List<String> images = optionalDigests(file, "linked_images");
        List<String> shards = optionalDigests(file, "linked_shards");
        if (images.size() != shards.size()) {
            throw new IllegalArgumentException(images.size() + " linked images have " + shards.size() + " shards");
        }
        return IntStream.range(0, images.size())
                .mapToObj(i -> new Link(images.get(i), shards.get(i)))
                .toList();
    }

    private static List<String> optionalDigests(Path file, String name) throws IOException {
        Optional<Safetensors.Stored> digests = Safetensors.stored(file, name);
        if (digests.isEmpty()) {
            return List.of();
        }
        long number =
                digests.get().shape().isEmpty() ? 0 : digests.get().shape().get(0);
        expect(name, digests.get(), List.of(number, (long) Sha256.BYTES));
        return hex(digests.get().bytes());
    }

    private static String require(Map<String, String> metadata, String name) {
        return Optional.ofNullable(metadata.get(name))
                .orElseThrow(() -> new IllegalArgumentException("the metadata \"" + name + "\" is missing"));
    }

    private static Safetensors.Stored tensor(Path file, String name, List<String> types) throws IOException {
        return Safetensors.stored(file, name)
                .filter(tensor -> types.contains(tensor.type()))
                .orElseThrow(() -> new IllegalArgumentException(
                        "the tensor " + name + " of " + String.join(" or ", types) + " is missing"));
    }

    private static void expect(String name, Safetensors.Stored tensor, List<Long> shape) {
        if (!tensor.shape().equals(shape)) {
            throw new IllegalArgumentException("the tensor " + name + " is " + tensor.shape() + ", not " + shape);
        }
    }

    private static void requireFinite(Safetensors.Stored logits) {
        ByteBuffer bytes = logits.bytes();
        boolean half = logits.type().equals("F16");
        while (bytes.hasRemaining()) {
            boolean finite =
                    half ? (bytes.getShort() & HALF_EXPONENT) != HALF_EXPONENT : Float.isFinite(bytes.getFloat());
            if (!finite) {
                throw new IllegalArgumentException("a logit is not finite");
            }
        }
    }

    private static List<String> hex(ByteBuffer bytes) {
        List<String> digests = new ArrayList<>();
        byte[] digest = new byte[Sha256.BYTES];
        while (bytes.hasRemaining()) {
            bytes.get(digest);
            digests.add(HexFormat.of().formatHex(digest));
        }
        return digests;
    }
}
