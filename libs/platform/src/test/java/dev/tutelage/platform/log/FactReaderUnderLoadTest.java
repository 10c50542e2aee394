package dev.tutelage.platform.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.fixture.Birds;
import dev.tutelage.platform.fixture.LocalKafka;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class FactReaderUnderLoadTest {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    private final String run = LocalKafka.unique("run");

    @Test
    void readingToTheEndEndsThoughMoreKeepsComing() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (FactLog log = log();
                FactReader reader = new FactReader(KAFKA.client(), List.of(Topic.RUNS))) {
            RunChanged first = Birds.run(run, RunState.RUN_STATE_STARTED);
            log.publish(List.of(first));
            Future<Void> flow = thread.submit(() -> {
                while (!enough.get()) {
                    log.publish(List.of(Birds.run(run, RunState.RUN_STATE_RESUMED)));
                }
                return null;
            });
            List<PlacedFact> read = new ArrayList<>();
            readUntil(first, reader, read);
            enough.set(true);
            flow.get();
            RunChanged last = Birds.run(run, RunState.RUN_STATE_SUCCEEDED);
            log.publish(List.of(last));
            readUntil(last, reader, read);
            assertThat(read.get(read.size() - 1).fact().payload()).isEqualTo(last);
            assertThat(read).extracting(PlacedFact::place).doesNotHaveDuplicates();
            assertThat(read.get(0).place().toString()).matches("tutelage\\.runs-0@\\d+");
        } finally {
            thread.shutdownNow();
        }
    }

    /** A transaction is visible a moment after it has succeeded. */
    private static void readUntil(RunChanged fact, FactReader reader, List<PlacedFact> read) {
        Awaitility.await().pollDelay(Duration.ZERO).until(() -> {
            reader.readToEnd(read::add);
            return read.stream().anyMatch(placed -> placed.fact().payload().equals(fact));
        });
    }

    private static FactLog log() {
        return new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC());
    }
}
