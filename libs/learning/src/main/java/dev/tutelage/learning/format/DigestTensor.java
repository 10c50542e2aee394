package dev.tutelage.learning.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tutelage.learning.data.Sha256;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 digests as a tensor: uint8 [n, 32]. */
public final class DigestTensor {

    private DigestTensor() {}

    /**
     * The tensor of some digests.
     *
     * @param digests in hex
     */
    public static NDArray of(NDManager manager, List<String> digests) {
        ByteBuffer bytes = ByteBuffer.allocate(digests.size() * Sha256.BYTES);
        digests.forEach(digest -> bytes.put(HexFormat.of().parseHex(digest)));
        return manager.create(bytes.flip(), new Shape(digests.size(), Sha256.BYTES), DataType.UINT8);
    }

    /** The digests of such a tensor, in hex. */
    public static List<String> read(NDArray tensor) {
        byte[] bytes = tensor.toByteArray();
        List<String> digests = new ArrayList<>(bytes.length / Sha256.BYTES);
        for (int from = 0; from < bytes.length; from += Sha256.BYTES) {
            digests.add(HexFormat.of().formatHex(bytes, from, from + Sha256.BYTES));
        }
        return digests;
    }
}
