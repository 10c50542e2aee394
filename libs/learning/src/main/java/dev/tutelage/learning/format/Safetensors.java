package dev.tutelage.learning.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The safetensors format: eight bytes of header length (little-endian), a JSON header {@code {"__metadata__": {...},
 * name: {"dtype", "shape", "data_offsets"}, ...}} padded with spaces to a multiple of eight, then the tensors' bytes one
 * after another, row-major and little-endian. Written are F32, I64 and U8, all that Tutelage stores; F16, BF16 and F64 of
 * others are read as F32.
 *
 * <p>Reading checks everything the header claims before it allocates, so that a torn or foreign file is a
 * {@link CorruptFileException} and never a wrong tensor. Tensors pass one at a time: memory beyond the tensors
 * themselves is that of the largest.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors {
    private static final String METADATA = "__metadata__";
    private static final int ALIGNMENT = 8;
    /** As in the reference implementation. */
    private static final long LARGEST_HEADER = 100_000_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Safetensors() {}

    /**
     * What a file holds.
     *
     * @param tensors by name, in the file's order of bytes; owned by the manager they were read with
     * @param metadata strings by name, sorted
     */
    public record Contents(Map<String, NDArray> tensors, Map<String, String> metadata) {
        public Contents {
            tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
            metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
        }
    }

    /** A tensor as the header describes it; its bytes are begin..end of the data. */
    record Entry(String name, StoredType type, Shape shape, long begin, long end) {}

    /**
     * A tensor as it lies in the file.
     *
     * @param type its name in the format, such as {@code F32}
     * @param bytes row-major and little-endian; mapped, so that they take no heap
     */
    public record Stored(String type, List<Long> shape, ByteBuffer bytes) {
        public Stored {
            shape = List.copyOf(shape);
        }
    }

    private record Header(List<Entry> entries, Map<String, String> metadata, long dataStart) {}

    /**
     * Writes the tensors in the map's order and the metadata sorted by name, so that equal contents give equal bytes.
     * The file appears whole or not at all: it is written beside {@code file} first, and then renamed.
     *
     * @throws IllegalArgumentException if a tensor is not FLOAT32, FLOAT16, INT64 or UINT8
     */
    public static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata) throws IOException {
        ByteBuffer header = header(tensors, metadata);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (FileChannel out = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                writeFully(out, header);
                for (NDArray tensor : tensors.values()) {
                    writeFully(out, tensor.toByteBuffer());
                }
                out.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Reads all tensors.
     *
     * @param manager will own the tensors
     * @throws CorruptFileException if the file is torn or is no safetensors file, or has a type that is not read
     */
    public static Contents read(Path file, NDManager manager) throws IOException {
        return read(file, manager, name -> true);
    }

    /** Reads some tensors only: those with a wanted name. */
    static Contents read(Path file, NDManager manager, Predicate<String> wanted) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            Header header = readHeader(file, in);
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            for (Entry entry : header.entries()) {
                if (!wanted.test(entry.name())) {
                    continue;
                }
                in.position(header.dataStart() + entry.begin());
                ByteBuffer bytes = readFully(file, in, (int) (entry.end() - entry.begin()));
                NDArray tensor = manager.create(
                        entry.type().loaded(bytes), entry.shape(), entry.type().loaded());
                tensor.setName(entry.name());
                tensors.put(entry.name(), tensor);
            }
            return new Contents(tensors, header.metadata());
        }
    }

    /**
     * What tensors there are, in the file's order of bytes, having checked that the file is whole. No tensor is loaded.
     *
     * @throws CorruptFileException as {@link #read} does
     */
    static List<Entry> entries(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            return readHeader(file, in).entries();
        }
    }

    /**
     * One tensor as it lies in the file, having checked that the file is whole. It takes no engine.
     *
     * @return empty if there is no tensor of that name
     * @throws CorruptFileException as {@link #read} does
     */
    public static Optional<Stored> stored(Path file, String name) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            Header header = readHeader(file, in);
            for (Entry entry : header.entries()) {
                if (entry.name().equals(name)) {
                    ByteBuffer bytes = in.map(
                            FileChannel.MapMode.READ_ONLY,
                            header.dataStart() + entry.begin(),
                            entry.end() - entry.begin());
                    List<Long> shape =
                            Arrays.stream(entry.shape().getShape()).boxed().toList();
                    return Optional.of(new Stored(entry.type().name(), shape, bytes.order(ByteOrder.LITTLE_ENDIAN)));
                }
            }
            return Optional.empty();
        }
    }

    /**
     * Reads the metadata alone, having checked that the file is whole.
     *
     * @throws CorruptFileException as {@link #read} does
     */
    public static Map<String, String> metadata(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            return Collections.unmodifiableMap(readHeader(file, in).metadata());
        }
    }

    private static ByteBuffer header(Map<String, NDArray> tensors, Map<String, String> metadata)
            throws JsonProcessingException {
        ObjectNode json = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode strings = json.putObject(METADATA);
            new TreeMap<>(metadata).forEach(strings::put);
        }
        long offset = 0;
        for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
            NDArray values = tensor.getValue();
            long end = offset + values.getShape().size() * values.getDataType().getNumOfBytes();
            ObjectNode entry = json.putObject(tensor.getKey());
            entry.put("dtype", dtype(tensor.getKey(), values.getDataType()));
            Arrays.stream(values.getShape().getShape()).forEach(entry.putArray("shape")::add);
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] text = JSON.writeValueAsBytes(json);
        int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(text);
        while (bytes.hasRemaining()) {
            bytes.put((byte) ' ');
        }
        return bytes.flip();
    }

    private static String dtype(String name, DataType type) {
        return switch (type) {
            case FLOAT32 -> "F32";
            case FLOAT16 -> "F16";
            case INT64 -> "I64";
            case UINT8 -> "U8";
            default ->
                throw new IllegalArgumentException("tensor " + name + " is " + type
                        + ": safetensors files here hold FLOAT32, FLOAT16, INT64 or UINT8");
        };
    }

    private static Header readHeader(Path file, FileChannel in) throws IOException {
        long size = in.size();
        if (size < Long.BYTES) {
            throw new CorruptFileException(file, "has " + size + " bytes, too few for a safetensors file");
        }
        long length = readFully(file, in, Long.BYTES).getLong();
        if (length < 2 || length > LARGEST_HEADER || length > size - Long.BYTES) {
            throw new CorruptFileException(
                    file,
                    "is torn or no safetensors file: its header should have " + Long.toUnsignedString(length)
                            + " bytes, the file has " + size);
        }
        byte[] text = new byte[(int) length];
        readFully(file, in, text.length).get(text);
        long dataStart = Long.BYTES + length;
        Map<String, String> metadata = new TreeMap<>();
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : parse(file, text).properties()) {
            if (field.getKey().equals(METADATA)) {
                metadata.putAll(strings(file, field.getValue()));
            } else {
                entries.add(entry(file, field.getKey(), field.getValue()));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        checkLayout(file, entries, size - dataStart);
        return new Header(entries, metadata, dataStart);
    }

    private static ObjectNode parse(Path file, byte[] text) throws CorruptFileException {
        try {
            if (JSON.readTree(new String(text, StandardCharsets.UTF_8)) instanceof ObjectNode object) {
                return object;
            }
            throw new CorruptFileException(file, "is no safetensors file: its header is not a JSON object");
        } catch (JsonProcessingException e) {
            throw new CorruptFileException(
                    file, "is no safetensors file: its header is not JSON (" + e.getOriginalMessage() + ")", e);
        }
    }

    private static Map<String, String> strings(Path file, JsonNode node) throws CorruptFileException {
        Map<String, String> strings = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw new CorruptFileException(file, "metadata " + field.getKey() + " is not a string");
            }
            strings.put(field.getKey(), field.getValue().textValue());
        }
        return strings;
    }

    private static Entry entry(Path file, String name, JsonNode node) throws CorruptFileException {
        StoredType type = StoredType.of(node.path("dtype").asText())
                .orElseThrow(() -> new CorruptFileException(
                        file,
                        "tensor " + name + " has dtype " + node.path("dtype") + "; only "
                                + Arrays.toString(StoredType.values()) + " are read"));
        long[] shape = longs(file, name, node.path("shape"), "shape");
        long[] offsets = longs(file, name, node.path("data_offsets"), "data_offsets");
        long bytes = type.bytes();
        try {
            for (long side : shape) {
                bytes = Math.multiplyExact(bytes, side);
            }
        } catch (ArithmeticException e) {
            throw new CorruptFileException(file, "tensor " + name + " has an impossible shape", e);
        }
        if (offsets.length != 2 || offsets[1] - offsets[0] != bytes) {
            throw new CorruptFileException(
                    file, "tensor " + name + " of " + bytes + " bytes has data_offsets " + node.path("data_offsets"));
        }
        if (bytes > Integer.MAX_VALUE) {
            throw new CorruptFileException(file, "tensor " + name + " is larger than 2 GiB, which cannot be loaded");
        }
        return new Entry(name, type, new Shape(shape), offsets[0], offsets[1]);
    }

    private static long[] longs(Path file, String name, JsonNode node, String field) throws CorruptFileException {
        long[] values = new long[node.size()];
        boolean valid = node.isArray();
        for (int i = 0; i < values.length && valid; i++) {
            valid = node.get(i).isIntegralNumber() && node.get(i).canConvertToLong();
            values[i] = node.get(i).longValue();
            valid &= values[i] >= 0;
        }
        if (!valid) {
            throw new CorruptFileException(
                    file, "tensor " + name + " has " + field + " " + node + ", not a list of sizes");
        }
        return values;
    }

    /** The format allows no holes, overlaps or leftover bytes: anything could hide in them. */
    private static void checkLayout(Path file, List<Entry> entries, long dataSize) throws CorruptFileException {
        long expected = 0;
        for (Entry entry : entries) {
            if (entry.begin() != expected) {
                throw new CorruptFileException(
                        file,
                        "tensor " + entry.name() + " begins at " + entry.begin() + ", where " + expected
                                + " is expected: tensors must follow each other");
            }
            expected = entry.end();
        }
        if (expected != dataSize) {
            throw new CorruptFileException(
                    file, "is torn: its tensors have " + expected + " bytes, the file holds " + dataSize + " of them");
        }
    }

    private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** Direct, as the engine takes such a buffer without copying it again. */
    private static ByteBuffer readFully(Path file, FileChannel in, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (in.read(bytes) < 0) {
                throw new CorruptFileException(file, "ended while being read", new EOFException());
            }
        }
        return bytes.flip();
    }
}
