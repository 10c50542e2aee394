package dev.tutelage.learning.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Decoded images of one shape, on the heap or in mapped memory, one byte a value, each with its key, the digest of its encoded bytes and, when
 * the set is labeled, its class. Immutable and safe to share; subsets and concatenations share the pixels.
 */
public final class ImageSet {
    private final ImageShape shape;
    private final List<String> keys;
    private final List<ByteBuffer> pixels;
    private final List<String> digests;
    private final Optional<int[]> labels;

    /** Kept between batches: the JVM frees direct memory late, so that a new buffer a step would pile up. */
    private ByteBuffer staged = ByteBuffer.allocateDirect(0);

    ImageSet(
            ImageShape shape,
            List<String> keys,
            List<ByteBuffer> pixels,
            List<String> digests,
            Optional<int[]> labels) {
        this.shape = shape;
        this.keys = List.copyOf(keys);
        this.pixels = List.copyOf(pixels);
        this.digests = List.copyOf(digests);
        this.labels = labels;
        if (pixels.size() != keys.size()
                || digests.size() != keys.size()
                || (labels.isPresent() && labels.get().length != keys.size())) {
            throw new IllegalArgumentException(
                    "a set of " + keys.size() + " keys has " + pixels.size() + " images, " + digests.size()
                            + " digests and " + labels.map(l -> l.length + "").orElse("no") + " labels");
        }
    }

    /**
     * A set of the given images.
     *
     * @param shape the shape of every image
     * @param keys one key an image
     * @param pixels uint8, [N, C, H, W] in row-major order
     * @param digests one SHA-256 an image, in hex, of its encoded bytes
     * @param labels one class index an image, or empty for unlabeled images
     * @throws IllegalArgumentException if the sizes do not agree
     */
    public static ImageSet of(
            ImageShape shape, List<String> keys, byte[] pixels, List<String> digests, Optional<int[]> labels) {
        if (pixels.length != (long) keys.size() * shape.size()) {
            throw new IllegalArgumentException(keys.size() + " images of " + shape + " need "
                    + (long) keys.size() * shape.size() + " bytes of pixels, not " + pixels.length);
        }
        List<ByteBuffer> images = new ArrayList<>(keys.size());
        for (int from = 0; from < pixels.length; from += shape.size()) {
            images.add(ByteBuffer.wrap(Arrays.copyOfRange(pixels, from, from + shape.size())));
        }
        return new ImageSet(shape, keys, images, digests, labels.map(int[]::clone));
    }

    /**
     * All images of the sets, in order.
     *
     * @throws IllegalArgumentException if there is no set, or the sets differ in shape, or only some are labeled (see
     *     {@link #withoutLabels()})
     */
    public static ImageSet concat(List<ImageSet> sets) {
        if (sets.isEmpty()) {
            throw new IllegalArgumentException("no image sets to concatenate: the shape would be unknown");
        }
        ImageSet first = sets.get(0);
        List<String> keys = new ArrayList<>();
        List<ByteBuffer> pixels = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        for (ImageSet set : sets) {
            if (!set.shape.equals(first.shape) || set.labeled() != first.labeled()) {
                throw new IllegalArgumentException("cannot concatenate " + first + " and " + set
                        + ": image sets must agree in shape and in whether they are labeled");
            }
            keys.addAll(set.keys);
            pixels.addAll(set.pixels);
            digests.addAll(set.digests);
        }
        Optional<int[]> labels = first.labels.map(ignored -> sets.stream()
                .flatMapToInt(set -> Arrays.stream(set.labels.orElseThrow()))
                .toArray());
        return new ImageSet(first.shape, keys, pixels, digests, labels);
    }

    /** The images at the given indices, in that order; an index may occur more than once. */
    public ImageSet subset(int[] indices) {
        List<String> chosenKeys = new ArrayList<>(indices.length);
        List<ByteBuffer> chosenPixels = new ArrayList<>(indices.length);
        List<String> chosenDigests = new ArrayList<>(indices.length);
        for (int index : indices) {
            chosenKeys.add(keys.get(index));
            chosenPixels.add(pixels.get(index));
            chosenDigests.add(digests.get(index));
        }
        Optional<int[]> chosenLabels =
                labels.map(all -> Arrays.stream(indices).map(i -> all[i]).toArray());
        return new ImageSet(shape, chosenKeys, chosenPixels, chosenDigests, chosenLabels);
    }

    /** The same images, their labels forgotten: labeled images are welcome in pretraining too. */
    public ImageSet withoutLabels() {
        return new ImageSet(shape, keys, pixels, digests, Optional.empty());
    }

    /**
     * The same images with the given class indices, one an image.
     *
     * @throws IllegalArgumentException if there are more or fewer labels than images
     */
    public ImageSet withLabels(int[] classIndices) {
        return new ImageSet(shape, keys, pixels, digests, Optional.of(classIndices.clone()));
    }

    /** How many images there are. */
    public int size() {
        return keys.size();
    }

    /** The shape of every image. */
    public ImageShape shape() {
        return shape;
    }

    /** Whether every image has a label. */
    public boolean labeled() {
        return labels.isPresent();
    }

    /** The key of image {@code i}, from the shard it came in. */
    public String key(int i) {
        return keys.get(i);
    }

    /** SHA-256, in hex, of the encoded bytes of image {@code i}. */
    public String digest(int i) {
        return digests.get(i);
    }

    /** The class index of image {@code i}, or empty when the set is unlabeled. */
    public OptionalInt label(int i) {
        return labels.map(all -> OptionalInt.of(all[i])).orElse(OptionalInt.empty());
    }

    /** The pixels of image {@code i}: uint8, [C, H, W]; a copy. */
    public byte[] pixels(int i) {
        byte[] copy = new byte[shape.size()];
        pixels.get(i).get(0, copy);
        return copy;
    }

    /**
     * The images at the given indices as a tensor.
     *
     * @param manager of the PyTorch engine
     * @return float32 [N, C, H, W] in [0, 1], owned by {@code manager}
     */
    public synchronized NDArray batch(NDManager manager, int[] indices) {
        int size = Math.multiplyExact(indices.length, shape.size());
        if (staged.capacity() < size) {
            staged = ByteBuffer.allocateDirect(size);
        }
        staged.clear().limit(size);
        for (int i = 0; i < indices.length; i++) {
            staged.put(i * shape.size(), pixels.get(indices[i]), 0, shape.size());
        }
        Shape batchShape = new Shape(indices.length, shape.channels(), shape.height(), shape.width());
        try (NDArray bytes = manager.create(staged, batchShape, DataType.UINT8)) {
            return bytes.toType(DataType.FLOAT32, true).divi(255);
        }
    }

    @Override
    public String toString() {
        return size() + (labeled() ? " labeled" : " unlabeled") + " images of " + shape;
    }
}
