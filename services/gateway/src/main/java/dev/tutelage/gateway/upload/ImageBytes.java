package dev.tutelage.gateway.upload;

import dev.tutelage.learning.data.RejectionKind;
import dev.tutelage.learning.data.SourceImage;
import dev.tutelage.learning.data.SourceLabel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Reads one image out of a body. */
final class ImageBytes {

    private ImageBytes() {}

    /**
     * The image that a stream holds; if it is too large, one that cannot be used. The stream is read to its end.
     *
     * @param limit bytes, at most
     */
    static SourceImage read(String key, InputStream in, int limit, Optional<SourceLabel> label) throws IOException {
        byte[] bytes = in.readNBytes(limit + 1);
        if (bytes.length <= limit) {
            return new SourceImage(key, () -> bytes, label);
        }
        in.transferTo(OutputStream.nullOutputStream());
        return SourceImage.unusable(key, RejectionKind.TOO_LARGE, "has more than " + limit + " bytes");
    }
}
