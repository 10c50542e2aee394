package dev.tutelage.platform.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.Message;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.TaskPaused;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.policy.Grounds;
import dev.tutelage.platform.policy.Standing;
import dev.tutelage.platform.run.Dataset;
import io.opentelemetry.api.trace.TracerProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TurnTest {
    private static final int ROUNDS = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<Topic> FACTS =
            List.of(Topic.TASKS, Topic.SHARDS, Topic.RUNS, Topic.PAUSES, Topic.CANCELLATIONS, Topic.PRETRAIN_REQUESTS);

    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private final String task = LocalKafka.unique("birds");
    private final String id = LocalKafka.unique("tutelage-test-trigger");
    private final FactLog world = log(LocalKafka.unique("world"));
    private final AtomicBoolean done = new AtomicBoolean();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();

    @BeforeEach
    void declare() throws Exception {
        say(declared());
    }

    @AfterEach
    void stop() throws Exception {
        done.set(true);
        for (Future<?> each : running) {
            each.get();
        }
        threads.shutdown();
        world.close();
    }

    /** Each would ask for other work than the others, whenever it looks: only one may. */
    @Test
    void triggersThatDecideAtTheSameTimeSayEachDecisionOnce() throws Exception {
        CountDownLatch begin = new CountDownLatch(1);
        for (int i = 0; i < 3; i++) {
            running.add(threads.submit(() -> run(begin)));
        }
        begin.countDown();
        for (int round = 1; round <= ROUNDS; round++) {
            say(shard(round));
            int asked = round;
            Awaitility.await().atMost(PATIENCE).until(() -> requests().size() >= asked);
        }
        // Whoever has lost a turn looks again: nothing more may come of it.
        say(shard(ROUNDS + 1));
        Awaitility.await().atMost(PATIENCE).until(() -> requests().size() > ROUNDS);
        assertThat(requests())
                .extracting(RunRequested::getNumber)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, ROUNDS + 1L).boxed().toList());
        assertThat(requests()).extracting(RunRequested::getRunId).doesNotHaveDuplicates();
    }

    @Test
    void whoHasLostTheTurnSaysNothing() throws Exception {
        try (Turn one = turn();
                Turn other = turn()) {
            assertThat(one.take(new HashMap<>(), fact -> {})).isTrue();
            assertThat(other.take(new HashMap<>(), fact -> {})).isTrue();
            assertThatExceptionOfType(NotPublishedException.class).isThrownBy(() -> one.say(List.of(shard(1))));
            other.say(List.of(shard(2)));
            List<Message> found = new ArrayList<>();
            assertThat(one.take(new HashMap<>(), fact -> found.add(fact.fact().payload())))
                    .as("it reads what was said meanwhile before it decides again")
                    .isTrue();
            assertThat(found).contains(shard(2)).doesNotContain(shard(1));
            one.say(List.of(shard(3)));
        }
    }

    @Test
    void nothingIsSaidBeforeTheTurnIsTaken() {
        try (Turn turn = turn()) {
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> turn.say(List.of(shard(1))));
        }
    }

    @Test
    void aPausedTaskIsAskedForNothing() throws Exception {
        say(TaskPaused.newBuilder().setTask(task).setPaused(true).build());
        say(shard(1));
        try (FactLog own = log(LocalKafka.unique("own"));
                Turn turn = turn();
                FactReader reader = new FactReader(KAFKA.client(), FACTS)) {
            TriggerLoop loop = new TriggerLoop(
                    new Restless(),
                    S3.store(),
                    own,
                    turn,
                    new DecisionTrace(TracerProvider.noop().get("test")),
                    Clock.systemUTC());
            AtomicBoolean read = new AtomicBoolean();
            Awaitility.await().atMost(PATIENCE).until(() -> {
                reader.readToEnd(placed -> {
                    loop.add(placed);
                    read.compareAndSet(false, placed.fact().payload().equals(shard(1)));
                });
                loop.decide();
                return read.get();
            });
            assertThat(requests()).isEmpty();

            say(TaskPaused.newBuilder().setTask(task).setPaused(false).build());
            Awaitility.await().atMost(PATIENCE).until(() -> {
                reader.readToEnd(loop::add);
                loop.decide();
                return !requests().isEmpty();
            });
        }
    }

    /** Asks for one run for each shard, of work that nobody else would ask for. */
    private final class Restless implements Trigger {
        @Override
        public List<Decision> decide(TaskLedger ledger) {
            if (!ledger.name().equals(task)) {
                return List.of();
            }
            if (ledger.requests(Stage.STAGE_PRETRAIN).size()
                    >= ledger.unlabeled().size()) {
                return List.of();
            }
            return List.of(Decision.Request.training(
                    task,
                    Stage.STAGE_PRETRAIN,
                    Optional.of(UUID.randomUUID().toString()),
                    Dataset.of(ledger.declaration(), ledger.unlabeled(), List.of(), List.of()),
                    "{}",
                    Optional.empty(),
                    new Grounds(
                            "there are more shards than runs",
                            Standing.extentOf(ledger).build(),
                            List.of(),
                            List.of())));
        }
    }

    private void run(CountDownLatch begin) {
        try (FactLog own = log(LocalKafka.unique("own"));
                Turn turn = turn();
                FactReader reader = new FactReader(KAFKA.client(), FACTS)) {
            TriggerLoop loop = new TriggerLoop(
                    new Restless(),
                    S3.store(),
                    own,
                    turn,
                    new DecisionTrace(TracerProvider.noop().get("test")),
                    Clock.systemUTC());
            begin.await();
            while (!done.get()) {
                reader.pollPlaced(Duration.ofMillis(20)).forEach(loop::add);
                loop.decide();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Turn turn() {
        return new Turn(KAFKA.client(), log(id), FACTS);
    }

    private static FactLog log(String id) {
        return new FactLog(KAFKA.client(), "/tutelage/test", id, Clock.systemUTC());
    }

    private void say(Message fact) throws NotPublishedException {
        world.publish(List.of(fact));
    }

    private TaskDeclared declared() {
        return Birds.declared(0).toBuilder().setTask(task).build();
    }

    private ShardAdded shard(int number) {
        return Birds.shard(task + "-" + number, 10).toBuilder().setTask(task).build();
    }

    private List<RunRequested> requests() {
        List<RunRequested> requests = new ArrayList<>();
        try (FactReader reader = new FactReader(KAFKA.client(), Set.of(Topic.PRETRAIN_REQUESTS))) {
            reader.readToEnd(placed -> {
                if (placed.fact().payload() instanceof RunRequested request
                        && request.getTask().equals(task)) {
                    requests.add(request);
                }
            });
        }
        return requests;
    }
}
