package dev.tutelage.gateway.predict;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Settings of prediction: their types, their defaults, and what they are for. */
@ConfigMapping(prefix = "tutelage.gateway.predict")
public interface PredictSettings {

    /** Images that a model sees in one pass, at most; whatever requests they are of. */
    @WithDefault("32")
    @Min(1)
    @Max(4096)
    int largestBatch();

    /** How long an image waits for others at most, while they are fewer than the largest batch. */
    @WithDefault("2ms")
    Duration linger();

    /** Threads that one pass is shared out to; 0: one for each core. */
    @WithDefault("0")
    @Min(0)
    @Max(1024)
    int threads();

    /** Newest versions of each task's student that stay loaded once they are. */
    @WithDefault("2")
    @Min(1)
    @Max(100)
    int versions();

    /** Models that are kept loaded, by the size of their files; those that have to stay, or are in use, do in any case. */
    @WithDefault("1G")
    MemorySize modelMemory();

    /** Models that are kept in the work directory, by the size of their files. */
    @WithDefault("8G")
    MemorySize modelDisk();

    /** How long after a student that could not be loaded that is tried again. */
    @WithDefault("30s")
    Duration retry();

    /** The largest encoded image. */
    @WithDefault("16M")
    MemorySize largestImage();

    /** The largest body of an inference request. */
    @WithDefault("64M")
    MemorySize largestRequest();
}
