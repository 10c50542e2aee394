package dev.tutelage.gateway.upload;

import java.util.OptionalInt;

/**
 * An image that was looked at and waits for a shard.
 *
 * @param key that it shall have in the shard
 * @param digest SHA-256 of its bytes, in hexadecimal
 * @param label number of its class, if it has one
 * @param offset of its bytes in the upload's file
 * @param length number of its bytes
 */
record UsableImage(String key, String digest, OptionalInt label, long offset, int length) {}
