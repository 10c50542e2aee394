package dev.tutelage.learning.label;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.augment.View;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.evaluate.Profile;
import dev.tutelage.learning.format.CorruptFileException;
import dev.tutelage.learning.format.DigestTensor;
import dev.tutelage.learning.format.Safetensors;
import dev.tutelage.learning.hygiene.ImageRelations;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.LabelRecipe.Precision;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A teacher's logits for K seeded views of each image of a shard (logits, as the temperature is the student's choice).
 * With the seed of each view, a student can be shown the very view that the teacher saw, without running the teacher
 * again (Shen and Xing, Fast Knowledge Distillation, arXiv 2112.01528).
 *
 * <p>Not every image of the shard need have labels: some are linked to those of equal bytes, see {@link ImageRelations}.
 *
 * <p>As a file: safetensors {@code view_seeds} I64 [n, K], {@code logits} F32 or F16 [n, K, classes], as the recipe says,
 * {@code image_digests} U8 [n, 32], and metadata {@code format_version}, {@code teacher}, {@code shard}, {@code classes},
 * {@code recipe}. Half precision is already in memory what it will be in the file: whoever labels sees what readers see.
 * Where there is something to tell of the images' relations, also {@code image_hashes} I64 [n]; {@code linked_images} and
 * {@code linked_shards}, U8 [l, 32]; {@code near_images} and {@code near_resembled}, U8 [m, 32], and {@code near_distances}
 * U8 [m, 1].
 */
public final class SoftLabels {
    static final String FORMAT_VERSION = "1";
    /** From here on the nearest number of half precision would be infinite. */
    private static final float HALF_OVERFLOW = 65_520;

    private final Origin origin;
    private final int classes;
    private final List<String> digests;
    private final long[] viewSeeds;
    private final float[] logits;
    private final ImageRelations relations;

    /**
     * Where soft labels come from.
     *
     * @param teacher the digest of the teacher's checkpoint
     * @param shard the digest of the shard whose images are labeled
     * @param recipe how the views were drawn
     */
    public record Origin(String teacher, String shard, LabelRecipe recipe) {}

    /**
     * Labels of n images.
     *
     * @param digests n, the SHA-256 of each image's encoded bytes, in hex
     * @param viewSeeds [n, K] in row-major order, K being the recipe's views
     * @param logits [n, K, classes] in row-major order, as the teacher gave them
     * @throws IllegalArgumentException if the sizes do not agree, or a logit is not finite or too large for the recipe's
     *     precision: cut to the largest number there is, two classes could come out as equally likely
     */
    SoftLabels(Origin origin, int classes, List<String> digests, long[] viewSeeds, float[] logits) {
        this(origin, classes, digests, viewSeeds, logits, ImageRelations.UNKNOWN);
    }

    private SoftLabels(
            Origin origin,
            int classes,
            List<String> digests,
            long[] viewSeeds,
            float[] logits,
            ImageRelations relations) {
        this.relations = relations;
        if (!relations.hashes().isEmpty() && relations.hashes().size() != digests.size()) {
            throw new IllegalArgumentException(
                    digests.size() + " images have " + relations.hashes().size() + " perceptual hashes");
        }
        this.origin = origin;
        this.classes = classes;
        this.digests = List.copyOf(digests);
        this.viewSeeds = viewSeeds;
        long views = (long) digests.size() * origin.recipe().views();
        if (classes < 1 || viewSeeds.length != views || logits.length != views * classes) {
            throw new IllegalArgumentException("soft labels of " + digests.size() + " images, "
                    + origin.recipe().views() + " views each, and " + classes + " classes cannot have "
                    + viewSeeds.length + " view seeds and " + logits.length + " logits");
        }
        requireFinite(logits);
        this.logits = origin.recipe().logits() == Precision.FP16 ? halved(logits) : logits;
    }

    private void requireFinite(float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("the teacher " + origin.teacher() + " gives " + values[i]
                        + " for the image " + digests.get(i / (views() * classes)) + ": its weights are broken");
            }
        }
    }

    /** The nearest numbers of half precision, of two equally near ones the even one. */
    private float[] halved(float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(values[i]) >= HALF_OVERFLOW) {
                throw new IllegalArgumentException("the teacher " + origin.teacher() + " gives " + values[i]
                        + " for the image " + digests.get(i / (views() * classes))
                        + ": half precision ends at 65504. Label with logits FP32");
            }
        }
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            return manager.create(values)
                    .toType(DataType.FLOAT16, false)
                    .toType(DataType.FLOAT32, false)
                    .toFloatArray();
        }
    }

    /**
     * The same labels with how their images are related to earlier ones.
     *
     * @throws IllegalArgumentException if there are hashes, but not one an image
     */
    public SoftLabels with(ImageRelations known) {
        return new SoftLabels(origin, classes, digests, viewSeeds, logits, known);
    }

    /** How the images are related to earlier ones. */
    public ImageRelations relations() {
        return relations;
    }

    /** SHA-256, in hex, of the encoded bytes of each labeled image. */
    public List<String> imageDigests() {
        return digests;
    }

    /** How many images are labeled. */
    public int size() {
        return digests.size();
    }

    /** How many views of each image are labeled. */
    public int views() {
        return origin.recipe().views();
    }

    /** How many classes there are. */
    public int classes() {
        return classes;
    }

    /** Where these labels come from. */
    public Origin origin() {
        return origin;
    }

    /** SHA-256, in hex, of the encoded bytes of image {@code image}. */
    public String imageDigest(int image) {
        return digests.get(image);
    }

    /** The digest of the first labeled image that is not among these, if there is one. */
    public Optional<String> firstBeyond(ImageSet images) {
        Set<String> known =
                IntStream.range(0, images.size()).mapToObj(images::digest).collect(Collectors.toSet());
        return digests.stream().filter(digest -> !known.contains(digest)).findFirst();
    }

    /** The number of each labeled image by its digest; of an image that is labeled more than once the first. */
    public Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        for (int image = 0; image < size(); image++) {
            numbers.putIfAbsent(digests.get(image), image);
        }
        return numbers;
    }

    /** The view that the teacher saw, of an image of the given shape. */
    public View view(ImageShape shape, int image, int view) {
        return origin.recipe().view(shape, view, viewSeeds[image * views() + view]);
    }

    /** The logits of one view of one image: [classes]; a copy. */
    public float[] logits(int image, int view) {
        int from = (image * views() + view) * classes;
        return Arrays.copyOfRange(logits, from, from + classes);
    }

    /**
     * The logits of one view of each of the given images.
     *
     * @return float32 [N, classes], owned by {@code manager}
     */
    public NDArray logits(NDManager manager, int[] images, int view) {
        float[] values = new float[images.length * classes];
        for (int i = 0; i < images.length; i++) {
            System.arraycopy(logits, (images[i] * views() + view) * classes, values, i * classes, classes);
        }
        return manager.create(values, new Shape(images.length, classes));
    }

    /** How likely each class is at temperature 1, as the mean over the views of an image: [classes]. */
    double[] probabilities(int image) {
        double[] mean = new double[classes];
        for (int from = image * views() * classes; from < (image + 1) * views() * classes; from += classes) {
            double[] view = Profile.softmax(logits, from, classes);
            for (int c = 0; c < classes; c++) {
                mean[c] += view[c] / views();
            }
        }
        return mean;
    }

    /** Writes the file; equal labels give equal bytes. */
    public void write(Path file) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put("view_seeds", manager.create(viewSeeds, new Shape(size(), views())));
            tensors.put(
                    "logits",
                    manager.create(logits, new Shape(size(), views(), classes)).toType(stored(), false));
            tensors.put("image_digests", DigestTensor.of(manager, digests));
            tensors.putAll(RelationTensors.of(relations, manager));
            Safetensors.write(
                    file,
                    tensors,
                    Map.of(
                            "format_version", FORMAT_VERSION,
                            "teacher", origin.teacher(),
                            "shard", origin.shard(),
                            "classes", Integer.toString(classes),
                            "recipe", Recipes.LABEL.write(origin.recipe())));
        }
    }

    private DataType stored() {
        return switch (origin.recipe().logits()) {
            case FP32 -> DataType.FLOAT32;
            case FP16 -> DataType.FLOAT16;
        };
    }

    /**
     * Reads a file.
     *
     * @throws CorruptFileException if it is torn, of another kind, or its parts do not fit each other
     */
    public static SoftLabels read(Path file) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Safetensors.Contents contents = Safetensors.read(file, manager);
            return of(contents.tensors(), contents.metadata());
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, "holds no soft labels that can be used: " + e.getMessage(), e);
        }
    }

    private static SoftLabels of(Map<String, NDArray> tensors, Map<String, String> metadata) {
        String version = metadata(metadata, "format_version");
        if (!version.equals(FORMAT_VERSION)) {
            throw new IllegalArgumentException(
                    "its format version is " + version + ", this Tutelage reads " + FORMAT_VERSION);
        }
        LabelRecipe recipe = Recipes.LABEL.read(metadata(metadata, "recipe"));
        Origin origin = new Origin(metadata(metadata, "teacher"), metadata(metadata, "shard"), recipe);
        NDArray digests = tensor(tensors, "image_digests", DataType.UINT8);
        int classes = Integer.parseInt(metadata(metadata, "classes"));
        long images = digests.getShape().get(0);
        expect("image_digests", digests, new Shape(images, Sha256.BYTES));
        NDArray seeds = tensor(tensors, "view_seeds", DataType.INT64);
        expect("view_seeds", seeds, new Shape(images, recipe.views()));
        NDArray logits = tensor(tensors, "logits", DataType.FLOAT32);
        expect("logits", logits, new Shape(images, recipe.views(), classes));
        return new SoftLabels(
                origin,
                classes,
                DigestTensor.read(digests),
                seeds.toLongArray(),
                logits.toFloatArray(),
                RelationTensors.read(tensors));
    }

    private static String metadata(Map<String, String> metadata, String name) {
        String value = metadata.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the metadata \"" + name + "\" is missing");
        }
        return value;
    }

    private static NDArray tensor(Map<String, NDArray> tensors, String name, DataType type) {
        NDArray tensor = tensors.get(name);
        if (tensor == null || tensor.getDataType() != type || tensor.getShape().dimension() == 0) {
            throw new IllegalArgumentException("the tensor " + name + " of " + type + " is missing");
        }
        return tensor;
    }

    private static void expect(String name, NDArray tensor, Shape shape) {
        if (!tensor.getShape().equals(shape)) {
            throw new IllegalArgumentException("the tensor " + name + " is " + tensor.getShape() + ", not " + shape);
        }
    }
}
