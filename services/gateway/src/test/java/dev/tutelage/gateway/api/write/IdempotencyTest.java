package dev.tutelage.gateway.api.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyTest {
    private static final Optional<String> KEY = Optional.of("a-key");

    private final Idempotency idempotency = new Idempotency(2);
    private final AtomicInteger done = new AtomicInteger();

    @Test
    void theSameWriteUnderTheSameKeyIsDoneOnce() {
        assertThat(idempotency.once(KEY, "one", this::write).body()).isEqualTo(1);
        assertThat(idempotency.once(KEY, "one", this::write).body()).isEqualTo(1);
        assertThat(idempotency.once(Optional.of("another"), "one", this::write).body())
                .isEqualTo(2);
        assertThat(idempotency.once(Optional.empty(), "one", this::write).body())
                .isEqualTo(3);
    }

    @Test
    void anotherWriteUnderTheSameKeyIsRefused() {
        assertThat(idempotency.once(KEY, "one", this::write).body()).isEqualTo(1);
        assertStatus(422, () -> idempotency.once(KEY, "two", this::write));
        assertThat(done).hasValue(1);
    }

    @Test
    void aWriteThatFailedMayBeTriedAgainUnderItsKey() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> idempotency.once(KEY, "one", () -> {
                    throw new IllegalStateException("no Kafka");
                }));
        assertThat(idempotency.once(KEY, "one", this::write).body()).isEqualTo(1);
    }

    @Test
    void aWriteThatIsUnderWayIsNotBegunAgain() {
        Answer<Integer> answer = idempotency.once(KEY, "one", () -> {
            assertStatus(409, () -> idempotency.once(KEY, "one", this::write));
            return write();
        });
        assertThat(answer.body()).isEqualTo(1);
    }

    @Test
    void theOldestKeysAreForgottenFirst() {
        for (String key : new String[] {"a", "b", "c"}) {
            assertThat(idempotency.once(Optional.of(key), "one", this::write).status())
                    .isEqualTo(200);
        }
        assertThat(idempotency.once(Optional.of("c"), "one", this::write).body())
                .isEqualTo(3);
        assertThat(idempotency.once(Optional.of("b"), "one", this::write).body())
                .isEqualTo(2);
        assertThat(idempotency.once(Optional.of("a"), "one", this::write).body())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "ä"})
    void aKeyThatIsNoneIsABadRequest(String key) {
        assertStatus(400, () -> idempotency.once(Optional.of(key), "one", this::write));
    }

    private Answer<Integer> write() {
        return Answer.ok(done.incrementAndGet());
    }

    private static void assertStatus(int status, Runnable write) {
        assertThatExceptionOfType(HttpProblem.class)
                .isThrownBy(write::run)
                .satisfies(problem -> assertThat(problem.getStatusCode()).isEqualTo(status));
    }
}
