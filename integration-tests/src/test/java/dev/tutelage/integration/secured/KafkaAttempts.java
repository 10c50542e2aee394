package dev.tutelage.integration.secured;

import dev.tutelage.platform.privilege.KafkaPrivileges;
import dev.tutelage.platform.privilege.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What one principal gets when it tries everything. On each topic there is a record. */
final class KafkaAttempts {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<String, Object> client;

    KafkaAttempts(Map<String, Object> client) {
        this.client = Map.copyOf(client);
    }

    /** Topics of which it gets a record. */
    Set<String> read() {
        Set<String> read = new TreeSet<>();
        Map<String, Object> config = new HashMap<>(client);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
        config.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, 20);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (String topic : KafkaPrivileges.allTopics()) {
                TopicPartition partition = new TopicPartition(topic, 0);
                consumer.assign(List.of(partition));
                consumer.seek(partition, 0);
                if (isAllowed("read " + topic, () -> awaitRecord(consumer))) {
                    read.add(topic);
                }
            }
        }
        return read;
    }

    private static void awaitRecord(KafkaConsumer<byte[], byte[]> consumer) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.poll(Duration.ofMillis(200)).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Neither a record nor a refusal");
            }
        }
    }

    /** Topics on which it gets a record. */
    Set<String> write() {
        Set<String> written = new TreeSet<>();
        Map<String, Object> config = new HashMap<>(client);
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        config.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 20);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String topic : KafkaPrivileges.allTopics()) {
                ProducerRecord<byte[], byte[]> junk = new ProducerRecord<>(topic, 0, new byte[] {1}, new byte[] {2});
                if (isAllowed("write " + topic, () -> producer.send(junk).get())) {
                    written.add(topic);
                }
            }
        }
        return written;
    }

    /** Topics that it creates, or would if they were not there. */
    Set<String> create() {
        Set<String> created = new TreeSet<>();
        try (Admin admin = Admin.create(client)) {
            for (String topic : KafkaPrivileges.allTopics()) {
                NewTopic again = new NewTopic(topic, 1, (short) 1);
                if (isAllowed(
                        "create " + topic,
                        () -> admin.createTopics(List.of(again)).all().get())) {
                    created.add(topic);
                }
            }
        }
        return created;
    }

    /** Those of these groups with which it reads: it commits an offset. */
    Set<String> join(NavigableSet<String> groups) {
        Set<String> joined = new TreeSet<>();
        TopicPartition partition = new TopicPartition("tutelage.tasks", 0);
        for (String group : groups) {
            Map<String, Object> config = new HashMap<>(client);
            config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
            config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            try (KafkaConsumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.assign(List.of(partition));
                if (isAllowed(
                        "join " + group, () -> consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0))))) {
                    joined.add(group);
                }
            }
        }
        return joined;
    }

    /** Those of these transactional ids that it takes. */
    Set<String> take(NavigableSet<String> transactionalIds) {
        Set<String> taken = new TreeSet<>();
        for (String id : transactionalIds) {
            Map<String, Object> config = new HashMap<>(client);
            config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
                if (isAllowed("take " + id, producer::initTransactions)) {
                    taken.add(id);
                }
            }
        }
        return taken;
    }

    /** What it may of that which an administrator does. */
    List<String> administer(Principal other) {
        List<String> done = new ArrayList<>();
        TopicPartition tasks = new TopicPartition("tutelage.tasks", 0);
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "tutelage.tasks");
        try (Admin admin = Admin.create(client)) {
            Map<String, Attempt> attempts = new LinkedHashMap<>();
            attempts.put(
                    "create another topic", () -> admin.createTopics(List.of(new NewTopic("another", 1, (short) 1)))
                            .all()
                            .get());
            attempts.put("remove records", () -> admin.deleteRecords(Map.of(tasks, RecordsToDelete.beforeOffset(0)))
                    .all()
                    .get());
            attempts.put(
                    "remove a topic",
                    () -> admin.deleteTopics(List.of("tutelage.tasks")).all().get());
            attempts.put("change how long records are kept", () -> admin.incrementalAlterConfigs(Map.of(
                            topic,
                            List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get());
            attempts.put(
                    "read ACLs",
                    () -> admin.describeAcls(AclBindingFilter.ANY).values().get());
            attempts.put(
                    "add ACLs", () -> admin.createAcls(KafkaPrivileges.of(other).acls(other))
                            .all()
                            .get());
            attempts.put(
                    "read whose passwords there are",
                    () -> admin.describeUserScramCredentials().all().get());
            attempts.forEach((what, attempt) -> {
                if (isAllowed(what, attempt)) {
                    done.add(what);
                }
            });
        }
        return List.copyOf(done);
    }

    private interface Attempt {
        void make() throws ExecutionException, InterruptedException;
    }

    /** Whether it is done, or would be; everything that is no refusal is a failure of the test. */
    private static boolean isAllowed(String what, Attempt attempt) {
        try {
            attempt.make();
            return true;
        } catch (AuthorizationException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return false;
            }
            if (e.getCause() instanceof TopicExistsException) {
                return true;
            }
            throw new IllegalStateException(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(what, e);
        }
    }
}
