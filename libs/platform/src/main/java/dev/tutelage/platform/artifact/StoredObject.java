package dev.tutelage.platform.artifact;

import java.time.Instant;

/**
 * An object in the store.
 *
 * @param name of the object
 * @param size in bytes
 * @param modified when it was last written, by the store's clock
 */
public record StoredObject(String name, long size, Instant modified) {}
