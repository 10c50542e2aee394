package dev.tutelage.gateway.upload;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** How images come in: what a request may cost, and when a shard is full. */
@ConfigMapping(prefix = "tutelage.gateway.upload")
public interface UploadSettings {

    /** The largest encoded image; at most 16 MiB, for readers of shards refuse larger ones. */
    @WithDefault("16M")
    MemorySize imageBytes();

    /** The largest body, as it is sent and as it is unpacked. */
    @WithDefault("1G")
    MemorySize requestBytes();

    /** The most images of a request, usable or not. */
    @WithDefault("10000")
    @Min(1)
    int images();

    /** The most entries of an archive, of whatever kind. */
    @WithDefault("100000")
    @Min(1)
    int entries();

    /** How many times its size an archive may expand to; the first 16 MiB are free. */
    @WithDefault("100")
    @Min(1)
    int expansion();

    /** Bodies that are read at once; each holds one image in memory. Others wait. */
    @WithDefault("16")
    @Min(1)
    int readersAtOnce();

    /** Room on the disk for images that are not in a shard yet; bodies beyond are answered with 503. */
    @WithDefault("8G")
    MemorySize spoolBytes();

    /** Images of a shard, at most; fewer where a task's images are so large that readers would not read as many. */
    @WithDefault("1000")
    @Min(1)
    @Max(250_000)
    int shardImages();

    /** Bytes of a shard, at most. */
    @WithDefault("256M")
    MemorySize shardBytes();

    /** How long the first image of a shard waits for others. */
    @WithDefault("2s")
    Duration linger();

    /** How long a request waits for a reader, and then for its shards to be in S3 and on Kafka, before it is answered with 503. */
    @WithDefault("60s")
    Duration patience();

    /** Uploads with an idempotency key that are remembered, the newest; a key that is forgotten is a new one. */
    @WithDefault("100000")
    @Min(1)
    int rememberedKeys();
}
