package dev.tutelage.platform.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.run.Asked;
import java.time.Clock;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CancellationsTest {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    private final String run = LocalKafka.unique("run");
    private final FactLog log =
            new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC());
    private final Cancellations cancellations = new Cancellations(KAFKA.client());

    @AfterEach
    void close() {
        cancellations.close();
        log.close();
    }

    @Test
    void whatWasCancelledBeforeIsKnownAtOnce() throws Exception {
        cancel(0);
        // Committed records are visible a moment later.
        Awaitility.await().until(() -> {
            try (Cancellations fresh = new Cancellations(KAFKA.client())) {
                return fresh.contains(new Asked(run, 0));
            }
        });
        assertThat(cancellations.contains(new Asked(run, 0))).isTrue();
    }

    @Test
    void whatIsCancelledMeanwhileIsKnownSoonAndMeansOneRequest() throws Exception {
        assertThat(cancellations.contains(new Asked(run, 1))).isFalse();
        cancel(1);
        Awaitility.await().until(() -> cancellations.contains(new Asked(run, 1)));
        assertThat(cancellations.contains(new Asked(run, 0))).isFalse();
        assertThat(cancellations.contains(new Asked(run, 2))).isFalse();
    }

    private void cancel(int retry) throws Exception {
        log.publish(List.of(
                CancellationRequested.newBuilder().setRunId(run).setRetry(retry).build()));
    }
}
