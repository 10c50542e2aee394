package dev.tutelage.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.log.ConsumedRequest;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.run.RunProtocol.Ending;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GroupCommitTest {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    private static final String TOPIC = Topic.LABEL_REQUESTS.topicName();
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

    private final String group = LocalKafka.unique("workers");
    private final String source = "/tutelage/" + group;
    private final FactLog log = new FactLog(KAFKA.client(), source, LocalKafka.unique("log"), Clock.systemUTC());
    private final GroupCommit commit = new GroupCommit(log);
    private final ExecutorService hands = Executors.newCachedThreadPool();
    private final Set<TopicPartition> lost = ConcurrentHashMap.newKeySet();
    private Consumer<String, byte[]> consumer;
    private volatile ConsumerGroupMetadata standing;

    @BeforeEach
    void join() {
        consumer = KAFKA.worker(group, TOPIC);
        Awaitility.await().until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return consumer.assignment().contains(FIRST);
        });
        standing = consumer.groupMetadata();
    }

    @AfterEach
    void leave() {
        commit.close();
        consumer.close();
        log.close();
        hands.shutdownNow();
    }

    @Test
    void manyRequestsEndInFewTransactions() throws Exception {
        List<Lease> taken =
                List.of(taken(FIRST, 0), taken(FIRST, 1), taken(FIRST, 2), taken(SECOND, 7), taken(SECOND, 8));
        List<Future<Ending>> endings =
                taken.stream().map(lease -> ended(lease, named(lease))).toList();
        for (Future<Ending> ending : endings) {
            assertThat(ending.get()).isEqualTo(Ending.DONE);
        }
        assertThat(facts(5))
                .containsExactlyInAnyOrderElementsOf(
                        taken.stream().map(GroupCommitTest::named).toList());
        assertThat(committed()).containsEntry(FIRST, 3L).containsEntry(SECOND, 9L);
    }

    /** An offset stands for all before it. */
    @Test
    void aRequestWaitsForThoseBeforeItInItsPartition() throws Exception {
        Lease slow = taken(FIRST, 0);
        Lease quick = taken(FIRST, 1);
        Lease elsewhere = taken(SECOND, 0);
        Future<Ending> waiting = ended(quick, named(quick));
        assertThat(ended(elsewhere, named(elsewhere)).get()).isEqualTo(Ending.DONE);
        assertThat(facts(1)).containsExactly(named(elsewhere));
        assertThat(waiting.isDone()).isFalse();
        assertThat(ended(slow, named(slow)).get()).isEqualTo(Ending.DONE);
        assertThat(waiting.get()).isEqualTo(Ending.DONE);
        assertThat(facts(3)).containsExactly(named(elsewhere), named(slow), named(quick));
        assertThat(committed()).containsEntry(FIRST, 2L);
    }

    @Test
    void whatComesAfterALeftRequestIsLeftToo() throws Exception {
        Lease first = taken(FIRST, 0);
        Lease left = taken(FIRST, 1);
        Lease after = taken(FIRST, 2);
        Future<Ending> waiting = ended(after, named(after));
        assertThat(commit.leave(left)).isEqualTo(Ending.LEFT);
        assertThat(ended(first, named(first)).get()).isEqualTo(Ending.DONE);
        assertThat(waiting.get()).isEqualTo(Ending.LEFT);
        assertThat(facts(1)).containsExactly(named(first));
        assertThat(committed()).containsEntry(FIRST, 1L);
    }

    @Test
    void aLostPartitionIsLeftAndTheOthersGoOn() throws Exception {
        Lease gone = taken(FIRST, 0);
        Lease kept = taken(SECOND, 0);
        lost.add(FIRST);
        assertThat(ended(gone, named(gone)).get()).isEqualTo(Ending.LEFT);
        assertThat(ended(kept, named(kept)).get()).isEqualTo(Ending.DONE);
        assertThat(facts(1)).containsExactly(named(kept));
        assertThat(committed()).doesNotContainKey(FIRST);
    }

    /** The same request is taken once more, while the work of before is not over. */
    @Test
    void aPartitionThatComesBackDoesNotWaitForLeasesFromBefore() throws Exception {
        Lease before = taken(FIRST, 0);
        lost.add(FIRST);
        Lease again = new Held(FIRST, 0);
        commit.take(again);
        assertThat(ended(again, named(again)).get()).isEqualTo(Ending.DONE);
        assertThat(ended(before, named(before)).get()).isEqualTo(Ending.LEFT);
        assertThat(facts(1)).containsExactly(named(again));
    }

    /** A commit whose answer is lost looks like one that failed. */
    @Test
    void whatWasCommittedAfterAllIsNotSaidAgain() throws Exception {
        Lease lease = taken(FIRST, 0);
        try (FactLog first = new FactLog(KAFKA.client(), source, LocalKafka.unique("log"), Clock.systemUTC())) {
            first.publish(List.of(named(lease)), List.of(lease.request().orElseThrow()));
        }
        standing = new ConsumerGroupMetadata(group, 1_000, standing.memberId(), Optional.empty());
        assertThat(ended(lease, named(lease)).get()).isEqualTo(Ending.DONE);
        assertThat(facts(1)).containsExactly(named(lease));
    }

    @Test
    void aRefusedCommitIsTriedAgain() throws Exception {
        Lease lease = taken(FIRST, 0);
        ConsumerGroupMetadata right = standing;
        standing = new ConsumerGroupMetadata(group, 1_000, right.memberId(), Optional.empty());
        Future<Ending> ending = ended(lease, named(lease));
        Awaitility.await().pollDelay(Duration.ofMillis(500)).until(() -> !ending.isDone());
        standing = right;
        assertThat(ending.get()).isEqualTo(Ending.DONE);
        assertThat(facts(1)).containsExactly(named(lease));
    }

    @Test
    void whatIsOnlyForPeopleIsSaidSoonEvenIfNothingEnds() {
        commit.say(Birds.run("aside", RunState.RUN_STATE_STARTED));
        assertThat(facts(1)).containsExactly(Birds.run("aside", RunState.RUN_STATE_STARTED));
    }

    @Test
    void closingLetsGoOfWhoeverWaits() throws Exception {
        Lease atWork = taken(FIRST, 0);
        Lease waiting = taken(FIRST, 1);
        Future<Ending> ending = ended(waiting, named(waiting));
        commit.close();
        assertThat(ending.get()).isEqualTo(Ending.LEFT);
        assertThat(atWork.isHeld()).isTrue();
    }

    private Lease taken(TopicPartition partition, long offset) {
        Lease lease = new Until(partition, offset);
        commit.take(lease);
        return lease;
    }

    private Future<Ending> ended(Lease lease, Message fact) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return commit.end(lease, List.of(fact));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                hands);
    }

    private static Message named(Lease lease) {
        return Birds.run(lease.partition().partition() + "-" + lease.offset(), RunState.RUN_STATE_SUCCEEDED);
    }

    private List<Message> facts(int number) {
        return KAFKA.committedFacts(source, List.of(Topic.RUNS), number).stream()
                .map(Fact::payload)
                .toList();
    }

    private Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> offsets = new ConcurrentHashMap<>();
        consumer.committed(Set.of(FIRST, SECOND)).forEach((partition, place) -> Optional.ofNullable(place)
                .map(OffsetAndMetadata::offset)
                .ifPresent(offset -> offsets.put(partition, offset)));
        return offsets;
    }

    private class Held implements Lease {
        private final TopicPartition partition;
        private final long offset;

        Held(TopicPartition partition, long offset) {
            this.partition = partition;
            this.offset = offset;
        }

        @Override
        public TopicPartition partition() {
            return partition;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public boolean isHeld() {
            return true;
        }

        @Override
        public Optional<ConsumedRequest> request() {
            return isHeld() ? Optional.of(new ConsumedRequest(partition, offset, standing)) : Optional.empty();
        }
    }

    /** A lease that lasts until the test says that its partition is lost. */
    private final class Until extends Held {
        Until(TopicPartition partition, long offset) {
            super(partition, offset);
        }

        @Override
        public boolean isHeld() {
            return !lost.contains(partition());
        }
    }
}
