package dev.tutelage.platform.log;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** Kafka's ids of topics: a topic that is deleted and created again has the same name and another id. */
public final class TopicIds {
    private static final long PATIENCE_SECONDS = 10;

    private final Map<String, Object> kafka;
    private final Map<String, String> ids = new ConcurrentHashMap<>();

    /** @param kafka connection settings of the Kafka client */
    public TopicIds(Map<String, Object> kafka) {
        this.kafka = Map.copyOf(kafka);
    }

    /**
     * The id of a topic, as text.
     *
     * @throws IllegalStateException if Kafka does not tell it
     */
    public String of(String topic) {
        return ids.computeIfAbsent(topic, this::ask);
    }

    private String ask(String topic) {
        try (Admin admin = Admin.create(kafka)) {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .get(topic)
                    .topicId()
                    .toString();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "Kafka does not describe the topic " + topic + " (" + e.getMessage()
                            + "). Check that it is up and that this service may describe topics",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Kafka was asked about the topic " + topic, e);
        }
    }
}
