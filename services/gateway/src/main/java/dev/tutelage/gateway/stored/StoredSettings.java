package dev.tutelage.gateway.stored;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;

/** What can be set of looking into the store; named as the console is, for whose pages most of it is done. */
@ConfigMapping(prefix = "tutelage.console")
public interface StoredSettings {

    /** Bytes of the largest object that is fetched to be looked at. */
    @WithDefault("268435456")
    @Min(1)
    long largestObject();
}
