package dev.tutelage.gateway.upload;

import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.SourceImage;
import java.io.IOException;
import java.util.Optional;

/** A body that is an image. It has no name but its digest. */
record SingleBody(BodyStream body, BodyLimits limits) implements RequestBody {
    private static final int KEY = 16;

    @Override
    public void forEach(Taker taker) throws IOException {
        int limit = limits.imageBytes();
        byte[] bytes = body.readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw new TooLargeException("the image has more than " + limit + " bytes");
        }
        String key = Sha256.of(bytes).substring(0, KEY);
        taker.image("the image", new SourceImage(key, () -> bytes, Optional.empty()));
    }
}
