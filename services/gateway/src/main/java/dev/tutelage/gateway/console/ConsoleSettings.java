package dev.tutelage.gateway.console;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** What can be set of the console. */
@ConfigMapping(prefix = "tutelage.console")
public interface ConsoleSettings {

    /** Rows on a page of a list. */
    @WithDefault("50")
    @Min(1)
    @Max(1000)
    int pageSize();

    /** How often a page that is open asks whether there is anything new, at most. */
    @WithDefault("1s")
    Duration refreshEvery();

    /** Points that are kept of a run's curves; of more, every other one is dropped. */
    @WithDefault("2000")
    @Min(16)
    @Max(20_000)
    int curvePoints();

    /** Runs whose curves are kept: those that were heard of last. */
    @WithDefault("200")
    @Min(1)
    @Max(10_000)
    int curves();

    /** Images of a shard that can be looked at: its first. */
    @WithDefault("1000")
    @Min(1)
    @Max(100_000)
    int imagesPerShard();

    /** Images on a page. */
    @WithDefault("24")
    @Min(1)
    @Max(200)
    int imagesPerPage();

    /** Shards whose images are at hand at once; each takes its decoded images' size of disk, and memory while it is looked at. */
    @WithDefault("4")
    @Min(1)
    @Max(64)
    int shardsAtHand();
}
