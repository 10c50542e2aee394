package dev.tutelage.gateway.queue;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a person says of an image.
 *
 * @param image digest of its bytes
 * @param shard digest of the shard that it is in, if that is known; it need not be in the queue then
 * @param label number of the class; none: the person does not want to say
 */
record Answer(String image, Optional<String> shard, OptionalInt label) {}
