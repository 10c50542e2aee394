package dev.tutelage.integration;

import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Parts of the sample as people upload them: zips with a folder for each class. */
public final class SampleUploads {

    private SampleUploads() {}

    /** 200 images to evaluate on. */
    public static byte[] heldOut() throws IOException {
        return zip(TinyTask.sample("test"), 0, 200);
    }

    /** 100 images to fine-tune with. */
    public static byte[] labeled() throws IOException {
        return zip(TinyTask.train(), 0, 100);
    }

    /** 600 other ones. */
    public static byte[] unlabeled() throws IOException {
        return zip(TinyTask.train(), 100, 700);
    }

    private static byte[] zip(ImageSet images, int from, int to) throws IOException {
        ImageSet some = images.subset(IntStream.range(from, to).toArray());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < some.size(); i++) {
                out.putNextEntry(new ZipEntry(some.label(i).getAsInt() + "/" + i + ".png"));
                out.write(ImageCodec.png(some.shape(), some.pixels(i)));
            }
        }
        return bytes.toByteArray();
    }
}
