package dev.tutelage.cli.ingest;

import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.platform.log.FactReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Which shards were said.
 *
 * @param kafka settings with which a Kafka client reaches the broker
 */
record SaidShards(Map<String, Object> kafka) {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** Whether the shard of that digest is a task's, to a reader that reads committed. */
    boolean has(String task, String digest) {
        try (FactReader reader = new FactReader(kafka, List.of(Topic.SHARDS))) {
            boolean found = false;
            do {
                for (Fact fact : reader.poll(PATIENCE)) {
                    found |= fact.payload() instanceof ShardAdded shard
                            && shard.getTask().equals(task)
                            && shard.getShard().getDigest().equals(digest);
                }
            } while (!found && !reader.isCaughtUp());
            return found;
        }
    }
}
