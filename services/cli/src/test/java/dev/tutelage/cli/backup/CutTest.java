package dev.tutelage.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.log.ConsumedRequest;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.NotPublishedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A moment at which facts and offsets belong together, looked for while a worker ends one request after the other. */
@Timeout(180)
class CutTest {
    private static final String TASK = "birds";
    private static final int REQUESTS = 600;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void whileRequestsEndWithoutAPauseEachThatIsDoneHasItsFactsAndNoOtherHas(@TempDir Path directory) throws Exception {
        try (Machine machine = Machine.start(LoneMachine.withoutServices(directory), status -> {});
                FactLog log = new FactLog(machine.kafka(), "/tutelage/test", "cut-world", Clock.systemUTC());
                Admin admin = Admin.create(machine.kafka())) {
            log.publish(IntStream.range(0, REQUESTS).mapToObj(CutTest::request).toList());
            CompletableFuture<Void> worker = CompletableFuture.runAsync(() -> endAll(machine.kafka()));
            List<Cut> cuts = new ArrayList<>();
            while (!worker.isDone()) {
                cuts.add(Cut.find(admin, PATIENCE));
            }
            worker.join();
            List<Long> ends = ends(machine.kafka());

            assertThat(ends).hasSize(REQUESTS);
            assertThat(cuts)
                    .as("cuts between the first end and the last")
                    .anyMatch(cut -> done(cut) > 0 && done(cut) < REQUESTS);
            TopicPartition runs = new TopicPartition(Topic.RUNS.topicName(), 0);
            for (Cut cut : cuts) {
                assertThat(ends.stream().filter(end -> end < cut.ends().get(runs)))
                        .as("facts that end requests, where %d requests are done", done(cut))
                        .hasSize(Math.toIntExact(done(cut)));
            }
        }
    }

    private static RunRequested request(int number) {
        return RunRequested.newBuilder()
                .setRunId("run-" + number)
                .setTask(TASK)
                .setStage(Stage.STAGE_LABEL)
                .build();
    }

    /** As the labeler's worker half does: the fact that ends a request and the request's offset in one transaction. */
    private static void endAll(Map<String, Object> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, "labeler");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        try (Consumer<String, byte[]> requests =
                        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
                FactLog log = new FactLog(kafka, "/tutelage/test", "cut-worker", Clock.systemUTC())) {
            requests.subscribe(List.of(Topic.LABEL_REQUESTS.topicName()));
            int ended = 0;
            while (ended < REQUESTS) {
                for (ConsumerRecord<String, byte[]> each : requests.poll(Duration.ofMillis(100))) {
                    TopicPartition partition = new TopicPartition(each.topic(), each.partition());
                    log.publish(
                            List.of(RunChanged.newBuilder()
                                    .setRunId("run at " + each.partition() + "-" + each.offset())
                                    .setTask(TASK)
                                    .setState(RunState.RUN_STATE_SUCCEEDED)
                                    .build()),
                            List.of(new ConsumedRequest(partition, each.offset(), requests.groupMetadata())));
                    ended++;
                }
            }
        } catch (NotPublishedException e) {
            throw new AssertionError(e);
        }
    }

    /** Requests lie in their partitions without gaps, from offset 0. */
    private static long done(Cut cut) {
        return cut.offsets().getOrDefault("labeler", Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Offsets of the facts that end requests. */
    private static List<Long> ends(Map<String, Object> kafka) {
        List<Long> offsets = new ArrayList<>();
        try (FactReader reader = new FactReader(kafka, EnumSet.of(Topic.RUNS))) {
            reader.readToEnd(placed -> offsets.add(placed.place().offset()));
        }
        return offsets;
    }
}
