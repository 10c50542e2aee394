package dev.tutelage.learning.label;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.hygiene.ImageRelations;
import dev.tutelage.learning.hygiene.Link;
import dev.tutelage.learning.hygiene.Resemblance;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The tensors of a soft-label file that tell how images are related. There are none for what there is nothing of. */
final class RelationTensors {
    private static final String HASHES = "image_hashes";
    private static final String LINKED_IMAGES = "linked_images";
    private static final String LINKED_SHARDS = "linked_shards";
    private static final String NEAR_IMAGES = "near_images";
    private static final String NEAR_RESEMBLED = "near_resembled";
    private static final String NEAR_DISTANCES = "near_distances";

    private RelationTensors() {}

    static Map<String, NDArray> of(ImageRelations relations, NDManager manager) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        List<Long> hashes = relations.hashes();
        if (!hashes.isEmpty()) {
            long[] values = hashes.stream().mapToLong(Long::longValue).toArray();
            tensors.put(HASHES, manager.create(values, new Shape(values.length)));
        }
        List<Link> links = relations.links();
        if (!links.isEmpty()) {
            tensors.put(
                    LINKED_IMAGES,
                    digests(manager, links.stream().map(Link::image).toList()));
            tensors.put(
                    LINKED_SHARDS,
                    digests(manager, links.stream().map(Link::shard).toList()));
        }
        List<Resemblance> near = relations.resemblances();
        if (!near.isEmpty()) {
            tensors.put(
                    NEAR_IMAGES,
                    digests(manager, near.stream().map(Resemblance::image).toList()));
            tensors.put(
                    NEAR_RESEMBLED,
                    digests(manager, near.stream().map(Resemblance::resembled).toList()));
            ByteBuffer distances = ByteBuffer.allocate(near.size());
            near.forEach(resemblance -> distances.put((byte) resemblance.distance()));
            tensors.put(NEAR_DISTANCES, bytes(manager, distances.flip(), near.size()));
        }
        return tensors;
    }

    /** @throws IllegalArgumentException if they do not fit each other */
    static ImageRelations read(Map<String, NDArray> tensors) {
        List<String> linked = digests(tensors, LINKED_IMAGES);
        List<String> shards = digests(tensors, LINKED_SHARDS);
        List<String> near = digests(tensors, NEAR_IMAGES);
        List<String> resembled = digests(tensors, NEAR_RESEMBLED);
        byte[] distances = bytes(tensors, NEAR_DISTANCES, 1);
        if (linked.size() != shards.size() || near.size() != resembled.size() || near.size() != distances.length) {
            throw new IllegalArgumentException("the tensors of linked and of near images do not fit each other");
        }
        return new ImageRelations(
                hashes(tensors),
                IntStream.range(0, linked.size())
                        .mapToObj(i -> new Link(linked.get(i), shards.get(i)))
                        .toList(),
                IntStream.range(0, near.size())
                        .mapToObj(i -> new Resemblance(near.get(i), resembled.get(i), distances[i]))
                        .toList());
    }

    private static List<Long> hashes(Map<String, NDArray> tensors) {
        Optional<NDArray> hashes = Optional.ofNullable(tensors.get(HASHES));
        if (hashes.filter(tensor -> tensor.getDataType() != DataType.INT64).isPresent()) {
            throw new IllegalArgumentException("the tensor " + HASHES + " is not of INT64");
        }
        List<Long> values = new ArrayList<>();
        hashes.ifPresent(tensor -> {
            for (long value : tensor.toLongArray()) {
                values.add(value);
            }
        });
        return values;
    }

    private static NDArray digests(NDManager manager, List<String> digests) {
        ByteBuffer values = ByteBuffer.allocate(digests.size() * Sha256.BYTES);
        digests.forEach(digest -> values.put(HexFormat.of().parseHex(digest)));
        return bytes(manager, values.flip(), digests.size());
    }

    private static NDArray bytes(NDManager manager, ByteBuffer values, int rows) {
        return manager.create(values, new Shape(rows, values.remaining() / rows), DataType.UINT8);
    }

    private static List<String> digests(Map<String, NDArray> tensors, String name) {
        byte[] values = bytes(tensors, name, Sha256.BYTES);
        List<String> digests = new ArrayList<>(values.length / Sha256.BYTES);
        for (int from = 0; from < values.length; from += Sha256.BYTES) {
            digests.add(HexFormat.of().formatHex(values, from, from + Sha256.BYTES));
        }
        return digests;
    }

    /** Row after row; empty if there is no such tensor. */
    private static byte[] bytes(Map<String, NDArray> tensors, String name, int columns) {
        Optional<NDArray> tensor = Optional.ofNullable(tensors.get(name));
        tensor.filter(rows -> rows.getDataType() != DataType.UINT8
                        || rows.getShape().dimension() != 2
                        || rows.getShape().get(1) != columns)
                .ifPresent(rows -> {
                    throw new IllegalArgumentException("the tensor " + name + " is " + rows.getDataType() + " "
                            + rows.getShape() + ", not UINT8 of " + columns + " columns");
                });
        return tensor.map(NDArray::toByteArray).orElse(new byte[0]);
    }
}
