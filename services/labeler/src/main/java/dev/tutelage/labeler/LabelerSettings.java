package dev.tutelage.labeler;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the labeler alone: their types, their defaults, and what they are for. */
@ConfigMapping(prefix = "tutelage.labeler")
public interface LabelerSettings {

    /** Images that the model sees in one pass, at most; whatever requests they are of. At least 1. */
    @WithDefault("256")
    int largestBatch();

    /** How long the model looks at images of the backlog before live ones get their turn. */
    @WithDefault("50ms")
    Duration backlogBatch();

    /** Threads that one pass is shared out to; 0: one for each core. */
    @WithDefault("0")
    int threads();

    /** Models that are kept loaded, by the size of their files; the one in use is kept in any case. */
    @WithDefault("2G")
    MemorySize modelMemory();

    /** Models that are kept in the work directory, by the size of their files; the one in use is kept in any case. */
    @WithDefault("8G")
    MemorySize modelDisk();

    /**
     * Labeled images that are remembered to recognise duplicates of them, the newest of each of eight teachers; 1 to
     * 16,000,000, some 60 bytes each. Duplicates of older ones are labeled again.
     */
    @WithDefault("500000")
    int rememberedImages();

    /** What an hour of this process costs, in whatever currency; from it follows what a million images cost. */
    @WithDefault("0")
    double costPerHour();
}
