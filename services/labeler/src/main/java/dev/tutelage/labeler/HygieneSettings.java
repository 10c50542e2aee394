package dev.tutelage.labeler;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What the labeler remembers to recognise images; what it does with them is in the label recipe. */
@ConfigMapping(prefix = "tutelage.hygiene")
public interface HygieneSettings {

    /**
     * Labeled images that are remembered to recognise duplicates of them, the newest of each of two teachers; 1 to
     * 16,000,000, 60 bytes each. Duplicates of older ones are labeled again.
     */
    @WithDefault("1000000")
    int rememberedImages();
}
