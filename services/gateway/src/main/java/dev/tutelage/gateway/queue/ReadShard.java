package dev.tutelage.gateway.queue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What came of reading the soft labels of a shard.
 *
 * @param images by their digests, the best by any strategy; none if they could not be read
 * @param failure why they could not be read, if they could not
 * @param nanos when, as {@link System#nanoTime()} says
 */
record ReadShard(Source source, Map<String, Candidate> images, Optional<String> failure, long nanos) {

    static ReadShard of(Source source, List<Candidate> images) {
        return new ReadShard(
                source,
                images.stream()
                        .collect(Collectors.toMap(
                                Candidate::image, Function.identity(), (one, same) -> one, LinkedHashMap::new)),
                Optional.empty(),
                System.nanoTime());
    }

    static ReadShard failed(Source source, String reason) {
        return new ReadShard(source, Map.of(), Optional.of(reason), System.nanoTime());
    }
}
