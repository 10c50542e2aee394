package dev.tutelage.gateway.predict.nearest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Settings of the search for near images. */
@ConfigMapping(prefix = "tutelage.gateway.nearest")
public interface NearestSettings {

    /** Training images that an image is compared with, at most. */
    @WithDefault("2000")
    @Min(1)
    @Max(100_000)
    int images();

    /** Shards that they are taken from, at most: the newest. */
    @WithDefault("100")
    @Min(1)
    @Max(10_000)
    int shards();

    /** Shards that there are images of where each has enough: none gives more than its share. */
    @WithDefault("8")
    @Min(1)
    @Max(10_000)
    int spread();

    /** Students whose images are kept, those that were asked last. */
    @WithDefault("4")
    @Min(1)
    @Max(100)
    int students();

    /** How long after a shard that could not be read it is tried again. */
    @WithDefault("30s")
    Duration retry();
}
