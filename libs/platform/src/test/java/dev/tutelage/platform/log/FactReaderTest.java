package dev.tutelage.platform.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.fixture.LocalKafka;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FactReaderTest {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String source = "/tutelage/" + LocalKafka.unique("reader");

    @Test
    void whatIsCommittedIsReadToTheEndEachTime() throws Exception {
        try (FactLog log = new FactLog(KAFKA.client(), source, LocalKafka.unique("log"), Clock.systemUTC());
                FactReader reader = new FactReader(KAFKA.client(), List.of(Topic.RUNS))) {
            log.publish(List.of(run(1), run(2)));
            assertThat(payloads(reader, 2)).containsExactly(run(1), run(2));
            log.publish(List.of(run(3)));
            assertThat(payloads(reader, 1)).containsExactly(run(3));
            assertThat(payloads(reader, 0)).isEmpty();
        }
    }

    /** A transaction ends with a marker, which is a record too. */
    @Test
    void theNewestCanBeReadAlone() throws Exception {
        try (FactLog log = new FactLog(KAFKA.client(), source, LocalKafka.unique("log"), Clock.systemUTC())) {
            log.publish(List.of(run(1)));
            log.publish(List.of(run(2), run(3)));
            awaitCommitted(3);
            try (FactReader reader = FactReader.ofNewest(KAFKA.client(), List.of(Topic.RUNS), 3)) {
                assertThat(payloads(reader, 2)).containsExactly(run(2), run(3));
                log.publish(List.of(run(4)));
                assertThat(payloads(reader, 1)).containsExactly(run(4));
            }
            try (FactReader reader = FactReader.ofNewest(KAFKA.client(), List.of(Topic.RUNS), 1_000_000)) {
                assertThat(payloads(reader, 4)).containsExactly(run(1), run(2), run(3), run(4));
            }
        }
    }

    private void awaitCommitted(int number) {
        KAFKA.committedFacts(source, List.of(Topic.RUNS), number);
    }

    /** What comes to an end, once there is as much: a transaction is visible a moment after it has succeeded. */
    private List<Message> payloads(FactReader reader, int number) {
        List<Message> payloads = new ArrayList<>();
        Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(() -> {
            reader.pollToEnd(PATIENCE).stream()
                    .filter(fact -> fact.source().equals(source))
                    .map(Fact::payload)
                    .forEach(payloads::add);
            return payloads.size() >= number;
        });
        return payloads;
    }

    private static Message run(int number) {
        return Birds.run("run-" + number, RunState.RUN_STATE_STARTED);
    }
}
