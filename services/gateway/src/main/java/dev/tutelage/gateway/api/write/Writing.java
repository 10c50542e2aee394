package dev.tutelage.gateway.api.write;

import dev.tutelage.control.run.RefusedException;
import dev.tutelage.gateway.api.ApiSettings;
import dev.tutelage.gateway.api.Known;
import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.history.History;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.jboss.resteasy.reactive.RestResponse;

/** What all writes have in common: they are done once, say facts, and are answered when these are known here too. */
@Singleton
public class Writing {
    static final String SOURCE = "/tutelage/gateway";

    private final Map<String, Object> kafka;
    private final FactLog log;
    private final Known known;
    private final ApiSettings settings;
    private final Idempotency idempotency;
    private final SecurityIdentity identity;

    public Writing(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            FactLog log,
            Known known,
            ApiSettings settings,
            SecurityIdentity identity) {
        this.identity = identity;
        this.kafka = new HashMap<>(kafka);
        this.log = log;
        this.known = known;
        this.settings = settings;
        this.idempotency = new Idempotency(settings.idempotencyKeys());
        int patience = Math.toIntExact(settings.kafkaPatience().toMillis());
        this.kafka.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patience);
        this.kafka.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, patience);
    }

    /**
     * Does something by saying facts.
     *
     * @param <T> body of the answer
     */
    @FunctionalInterface
    interface Write<T> {
        Answer<T> write(Map<String, Object> kafka, FactLog log) throws RefusedException, NotPublishedException;
    }

    /** Writes, unless that was done under the same key before. */
    <T> RestResponse<T> once(Asked asked, byte[] body, Write<T> write) {
        return idempotency
                .once(asked.key(), asked.fingerprint(Bodies.bytes(body)), () -> attempt(write))
                .response();
    }

    private <T> Answer<T> attempt(Write<T> write) {
        try {
            return write.write(kafka, log);
        } catch (RefusedException e) {
            throw Problems.conflict("Refused", e.getMessage());
        } catch (NotPublishedException | KafkaException e) {
            throw Problems.noKafka(e);
        }
    }

    /** What Kafka tells now, where the gateway does not keep it. */
    <T> T read(Function<Map<String, Object>, T> reading) {
        try {
            return reading.apply(kafka);
        } catch (KafkaException e) {
            throw Problems.noKafka(e);
        }
    }

    /** Who asks, for facts that have a place for it. */
    String by() {
        return identity.getPrincipal().getName();
    }

    /** Waits a moment until what was written can be read. */
    void await(BiPredicate<Ledger, History> seen) {
        known.await(settings.readBack(), seen);
    }
}
