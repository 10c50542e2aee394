package dev.tutelage.gateway.queue;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** What can be set of the labeling queue. */
@ConfigMapping(prefix = "tutelage.gateway.queue")
public interface QueueSettings {

    /** Shards of a task whose images are in the queue: those whose soft labels came last. */
    @WithDefault("100")
    @Min(1)
    @Max(10_000)
    int shards();

    /** Images of a shard that are kept by each strategy, the best; also the most that a request gets. */
    @WithDefault("100")
    @Min(1)
    @Max(10_000)
    int best();

    /** Images of a task that the strategy {@code centres} looks at. */
    @WithDefault("2000")
    @Min(1)
    @Max(100_000)
    int sample();

    /** Clusters that these are put into. */
    @WithDefault("20")
    @Min(1)
    @Max(1000)
    int clusters();

    /** Classes that are told of an image, the likeliest. */
    @WithDefault("5")
    @Min(1)
    @Max(50)
    int guesses();

    /** How long soft labels that could not be read are left alone before they are tried again. */
    @WithDefault("30s")
    Duration retry();

    /** Images of a task that people have skipped and that are remembered, the newest. */
    @WithDefault("10000")
    @Min(1)
    @Max(1_000_000)
    int skips();

    /** Shards whose images are on the disk to be looked at and answered, those that were used last. */
    @WithDefault("4")
    @Min(1)
    @Max(64)
    int shardsAtHand();

    /** Answers of one request. */
    @WithDefault("1000")
    @Min(1)
    @Max(10_000)
    int answers();

    /** How long answers wait for the queue to be read, and then for their shards to be stored and said, before they get a 503. */
    @WithDefault("60s")
    Duration patience();
}
