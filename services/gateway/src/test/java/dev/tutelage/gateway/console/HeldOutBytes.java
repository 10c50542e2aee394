package dev.tutelage.gateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A file of held-out predictions, written by hand as the format says. */
final class HeldOutBytes {
    private HeldOutBytes() {}

    /**
     * The file.
     *
     * @param labels of the images
     * @param logits an image after another
     */
    static byte[] of(long[] labels, float[] logits) {
        int images = labels.length;
        int classes = logits.length / images;
        int afterLogits = 4 * logits.length;
        int afterLabels = afterLogits + 8 * images;
        int end = afterLabels + 32 * images;
        String header =
                "{\"__metadata__\":{\"format_version\":\"1\"},\"logits\":{\"dtype\":\"F32\",\"shape\":[" + images
                        + "," + classes + "],\"data_offsets\":[0," + afterLogits
                        + "]},\"labels\":{\"dtype\":\"I64\",\"shape\":["
                        + images + "],\"data_offsets\":[" + afterLogits + "," + afterLabels
                        + "]},\"image_digests\":{\"dtype\":\"U8\",\"shape\":[" + images + ",32],\"data_offsets\":["
                        + afterLabels
                        + "," + end + "]}}";
        byte[] padded = (header + " ".repeat((8 - header.length() % 8) % 8)).getBytes(UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + padded.length + end).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(padded.length).put(padded);
        for (float logit : logits) {
            file.putFloat(logit);
        }
        for (long label : labels) {
            file.putLong(label);
        }
        for (int image = 0; image < images; image++) {
            file.put(new byte[24]).putLong(image);
        }
        return file.array();
    }
}
