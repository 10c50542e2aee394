package dev.tutelage.platform.log;

import dev.tutelage.event.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics where they do not exist. */
public final class Topics {
    /**
     * Where S3 services say that objects have been created: JSON of theirs, no facts. What a gateway has not read within
     * {@link Topic#RETENTION} is gone.
     */
    public static final String BUCKET_EVENTS = "tutelage.bucket-events";

    private static final int BUCKET_EVENTS_PARTITIONS = 8;

    /** Bytes that a record of any topic but that of dead letters may have; Kafka's own default. */
    static final int LARGEST_RECORD = 1 << 20;

    /** A dead letter holds a record whole, and what it says about it comes on top. */
    static final int LARGEST_DEAD_LETTER = 2 * LARGEST_RECORD;

    private static final int BATCH_OVERHEAD = 1_024;

    private Topics() {}

    /**
     * Every topic of {@link Topic}, and {@link #BUCKET_EVENTS}, with their settings.
     *
     * @param replication number of brokers that hold each record
     */
    public static List<NewTopic> all(short replication) {
        List<NewTopic> all = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            all.add(new NewTopic(topic.topicName(), topic.partitions(), replication).configs(config(topic)));
        }
        all.add(new NewTopic(BUCKET_EVENTS, BUCKET_EVENTS_PARTITIONS, replication)
                .configs(retention(Topic.Cleanup.DELETE)));
        return all;
    }

    /**
     * Creates the topics that the cluster lacks; leaves the others as they are.
     *
     * @param replication number of brokers that hold each record
     * @return names of those that were created
     */
    public static List<String> ensure(Admin admin, short replication) throws InterruptedException, ExecutionException {
        Set<String> existing = admin.listTopics().names().get();
        List<NewTopic> lacking = all(replication).stream()
                .filter(topic -> !existing.contains(topic.name()))
                .toList();
        List<String> created = new ArrayList<>();
        for (Map.Entry<String, KafkaFuture<Void>> creation :
                admin.createTopics(lacking).values().entrySet()) {
            if (wasCreated(creation.getValue())) {
                created.add(creation.getKey());
            }
        }
        return created;
    }

    /** Another who ensures the same may have been faster. */
    private static boolean wasCreated(KafkaFuture<Void> creation) throws InterruptedException, ExecutionException {
        try {
            creation.get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    /** {@link #ensure(Admin, short)} on a cluster of one broker. */
    public static void ensure(Map<String, Object> kafka) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(kafka)) {
            ensure(admin, (short) 1);
        }
    }

    private static Map<String, String> config(Topic topic) {
        Map<String, String> config = new HashMap<>(retention(topic.cleanup()));
        int largest = topic == Topic.DEAD_LETTERS ? LARGEST_DEAD_LETTER : LARGEST_RECORD;
        config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(largest + BATCH_OVERHEAD));
        return config;
    }

    private static Map<String, String> retention(Topic.Cleanup cleanup) {
        return switch (cleanup) {
            case COMPACT -> Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            case KEEP ->
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        "-1");
            case DELETE ->
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(Topic.RETENTION.toMillis()));
        };
    }
}
