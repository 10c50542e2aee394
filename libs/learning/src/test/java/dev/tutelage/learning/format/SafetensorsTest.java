package dev.tutelage.learning.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden bytes were written by the reference implementation, Python's safetensors. */
class SafetensorsTest {
    private static final byte[] WITH_METADATA =
            hex("68000000000000007b225f5f6d657461646174615f5f223a7b2261626f7574223a2263"
                    + "6166c3a9222c2273746570223a2237227d2c2277223a7b226474797065223a22463332222c227368617065223a5b322c325d2c2264"
                    + "6174615f6f666673657473223a5b302c31365d7d7d2020200000803f000000c00000003f59d90033");
    private static final byte[] THREE_TYPES =
            hex("a8000000000000007b226e223a7b226474797065223a22493634222c22736861706522"
                    + "3a5b5d2c22646174615f6f666673657473223a5b302c385d7d2c2277223a7b226474797065223a22463332222c227368617065223a"
                    + "5b322c325d2c22646174615f6f666673657473223a5b382c32345d7d2c2275223a7b226474797065223a225538222c227368617065"
                    + "223a5b335d2c22646174615f6f666673657473223a5b32342c32375d7d7d20202020200500000000000000"
                    + "0000803f000000c00000003f59d9003301ff03");

    private static final byte[] WIDENED = hex("a8000000000000007b2264223a7b226474797065223a22463634222c227368617065223a"
            + "5b325d2c22646174615f6f666673657473223a5b302c31365d7d2c2262223a7b226474797065223a2242463136222c227368617065"
            + "223a5b365d2c22646174615f6f666673657473223a5b31362c32385d7d2c2268223a7b226474797065223a22463136222c22736861"
            + "7065223a5b385d2c22646174615f6f666673657473223a5b32382c34345d7d7d20209a9999999999b93f8af221bf3c36ecc7803f00"
            + "c0003f49404a710100003c00c00038ff7b0100ff03007c0080");

    @TempDir
    Path folder;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void bytesAreThoseOfTheReferenceImplementation() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(file, Map.of("w", weights()), Map.of("step", "7", "about", "café"));
        assertThat(Files.readAllBytes(file)).isEqualTo(WITH_METADATA);

        Map<String, NDArray> tensors = new LinkedHashMap<>();
        tensors.put("n", manager.create(5L));
        tensors.put("w", weights());
        tensors.put("u", manager.create(ByteBuffer.wrap(new byte[] {1, -1, 3}), new Shape(3), DataType.UINT8));
        Safetensors.write(file, tensors, Map.of());
        assertThat(Files.readAllBytes(file)).isEqualTo(THREE_TYPES);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void filesOfTheReferenceImplementationAreRead() throws IOException {
        Safetensors.Contents contents = Safetensors.read(file(THREE_TYPES), manager);
        assertThat(contents.tensors().keySet()).containsExactly("n", "w", "u");
        assertThat(contents.tensors().get("n").getShape()).isEqualTo(new Shape());
        assertThat(contents.tensors().get("n").getLong()).isEqualTo(5);
        assertThat(contents.tensors().get("w")).isEqualTo(weights());
        assertThat(contents.tensors().get("u").toUint8Array()).containsExactly(1, 255, 3);
        assertThat(contents.metadata()).isEmpty();
        assertThat(Safetensors.metadata(file(WITH_METADATA))).isEqualTo(Map.of("step", "7", "about", "café"));
    }

    @Test
    void otherPrecisionsOfTheReferenceImplementationBecomeSingle() throws IOException {
        Path file = Files.write(folder.resolve("a.safetensors"), WIDENED);
        Map<String, NDArray> tensors = Safetensors.read(file, manager).tensors();
        assertThat(tensors.get("h").toFloatArray())
                .containsExactly(1, -2, 0.5f, 65504, 0x1p-24f, 1023 * 0x1p-24f, Float.POSITIVE_INFINITY, -0f);
        assertThat(tensors.get("b").toFloatArray())
                .containsExactly(
                        1, -2, 0.5f, 3.140625f, Float.intBitsToFloat(0x714a0000), Float.intBitsToFloat(0x00010000));
        assertThat(tensors.get("d").toFloatArray()).containsExactly(0.1f, -3e38f);
    }

    @Test
    void halfPrecisionIsWrittenToo() throws IOException {
        Path file = folder.resolve("a.safetensors");
        NDArray half = manager.create(new float[] {1, -2, 65504, 0x1p-24f}).toType(DataType.FLOAT16, false);
        Safetensors.write(file, Map.of("h", half), Map.of());
        byte[] bytes = Files.readAllBytes(file);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("\"dtype\":\"F16\",\"shape\":[4]");
        assertThat(Arrays.copyOfRange(bytes, bytes.length - 8, bytes.length)).isEqualTo(hex("003c00c0ff7b0100"));
        assertThat(Safetensors.read(file, manager).tensors().get("h").toFloatArray())
                .containsExactly(1, -2, 65504, 0x1p-24f);
    }

    @Test
    void emptyTensorsAndViewsRoundTrip() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        tensors.put("empty", manager.create(new Shape(0, 3)));
        tensors.put("transposed", weights().transpose());
        Safetensors.write(file, tensors, Map.of());
        Map<String, NDArray> read = Safetensors.read(file, manager).tensors();
        assertThat(read.get("empty").getShape()).isEqualTo(new Shape(0, 3));
        assertThat(read.get("transposed").toFloatArray()).containsExactly(1, 0.5f, -2, 3e-8f);
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < THREE_TYPES.length; length++) {
            byte[] torn = Arrays.copyOf(THREE_TYPES, length);
            assertThatThrownBy(() -> Safetensors.read(file(torn), manager))
                    .as("length %s", length)
                    .isInstanceOf(CorruptFileException.class);
        }
        assertThatThrownBy(() -> Safetensors.read(file(Arrays.copyOf(THREE_TYPES, 400)), manager))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("27 bytes");
    }

    @Test
    void damagedHeadersAreRefusedOrHarmless() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 3000; i++) {
            byte[] hurt = THREE_TYPES.clone();
            hurt[random.nextInt(0xa8 + 8)] = (byte) random.nextInt(256);
            try (NDManager scope = manager.newSubManager()) {
                Safetensors.Contents contents = Safetensors.read(file(hurt), scope);
                assertThat(contents.tensors()).hasSizeBetween(2, 3);
            } catch (CorruptFileException e) {
                assertThat(e).hasMessageContaining("hurt");
            }
        }
    }

    @Test
    void headersThatLieAreRefusedWithAWordAboutIt() {
        refused("{\"w\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}", 8, "has dtype \"F8_E4M3\"");
        refused("{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,8]}}", 8, "of 16 bytes has data_offsets");
        refused("{\"w\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[8,7]}}", 8, "has shape [-1]");
        refused("{\"w\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}", 8, "where 0 is expected");
        refused("{\"w\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}", 8, "the file holds 8 of them");
        refused(
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}",
                8,
                "impossible shape");
        refused("{\"a\":1,\"a\":1}", 0, "not JSON");
        refused("[1,2]", 0, "not a JSON object");
        refused("{\"__metadata__\":{\"step\":7}}", 0, "metadata step is not a string");
    }

    @Test
    void otherTypesAreNotWritten() {
        assertThatThrownBy(() -> Safetensors.write(
                        folder.resolve("a"), Map.of("w", weights().toType(DataType.FLOAT64, false)), Map.of()))
                .hasMessageContaining("tensor w is float64");
    }

    private void refused(String header, int dataBytes, String problem) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        assertThatThrownBy(() -> Safetensors.read(file(bytes.array()), manager))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining(problem);
    }

    private NDArray weights() {
        return manager.create(new float[] {1, -2, 0.5f, 3e-8f}, new Shape(2, 2));
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("hurt.safetensors"), bytes);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
