package dev.tutelage.gateway.upload;

import dev.tutelage.control.ingest.PackingLimits;
import dev.tutelage.event.v1.Split;
import dev.tutelage.learning.data.Sha256;
import io.opentelemetry.api.trace.SpanContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** Makes uploads that wait for their shards. */
final class UploadMaker implements AutoCloseable {
    static final int SHARD_IMAGES = 4;
    static final int SHARD_BYTES = 1 << 16;

    private static final PackingLimits LIMITS =
            new PackingLimits(SHARD_IMAGES, SHARD_BYTES, Optional.of(Duration.ofSeconds(2)));

    private final Spool spool;

    UploadMaker(Path directory) throws IOException {
        this.spool = new Spool(directory, 1 << 20);
    }

    Spool spool() {
        return spool;
    }

    /** An upload of so many images, each of one byte and of one key. */
    Upload upload(String id, int images) throws IOException {
        byte[][] contents = new byte[images][];
        for (int i = 0; i < images; i++) {
            contents[i] = new byte[] {(byte) i};
        }
        return upload(id, contents);
    }

    Upload upload(String id, byte[]... contents) throws IOException {
        SpoolFile file = spool.file();
        List<UsableImage> images = new ArrayList<>();
        for (byte[] content : contents) {
            images.add(new UsableImage(
                    "image", Sha256.of(content), OptionalInt.empty(), file.append(content), content.length));
        }
        return new Upload(
                id,
                "camera-7",
                Optional.of("key of " + id),
                new Target("birds", Split.SPLIT_TRAIN, false),
                "content of " + id,
                LIMITS,
                images,
                0,
                file,
                new CompletableFuture<>(),
                SpanContext.getInvalid());
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
