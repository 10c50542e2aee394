package dev.tutelage.gateway.stored;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;

/** A file of soft labels of one view, written by hand as the format says. */
public final class SoftLabelBytes {
    private SoftLabelBytes() {}

    /**
     * The file.
     *
     * @param digests of the images
     * @param logits an image after another
     */
    public static byte[] of(List<String> digests, float[] logits) {
        int images = digests.size();
        int classes = logits.length / images;
        int end = images * 32;
        String header = "{\"image_digests\":{\"dtype\":\"U8\",\"shape\":[" + images + ",32],\"data_offsets\":[0," + end
                + "]},\"logits\":{\"dtype\":\"F32\",\"shape\":[" + images + ",1," + classes + "],\"data_offsets\":["
                + end + "," + (end + 4 * logits.length) + "]}}";
        byte[] padded = (header + " ".repeat((8 - header.length() % 8) % 8)).getBytes(UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(8 + padded.length + end + 4 * logits.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(padded.length).put(padded);
        digests.forEach(digest -> file.put(HexFormat.of().parseHex(digest)));
        for (float logit : logits) {
            file.putFloat(logit);
        }
        return file.array();
    }
}
