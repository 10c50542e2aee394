package dev.tutelage.platform.service;

import dev.tutelage.event.Topic;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Retry;
import dev.tutelage.platform.artifact.StoreAddress;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.trigger.Turn;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the parts that both halves of a service use. */
@Singleton
public class Parts {

    @Produces
    @Singleton
    ArtifactStore artifactStore(ServiceSettings settings) {
        ServiceSettings.S3 s3 = settings.s3();
        return new ArtifactStore(
                new StoreAddress(s3.endpoint(), s3.bucket(), s3.region(), s3.accessKey(), s3.secretKey()),
                Retry.PATIENT);
    }

    @Produces
    @Singleton
    FactLog factLog(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        return new FactLog(kafka, "/tutelage/" + service, service + "-" + UUID.randomUUID(), Clock.systemUTC());
    }

    void close(@Disposes FactLog log) {
        log.close();
    }

    /** All triggers of a service have one transactional id, wherever they run. */
    @Produces
    @Singleton
    Turn turn(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "quarkus.application.name") String service,
            @ConfigProperty(name = "mp.messaging.incoming.facts.topics") List<String> topics) {
        return Turn.of(
                service,
                "/tutelage/" + service,
                kafka,
                topics.stream()
                        .map(name -> Topic.named(name)
                                .orElseThrow(() -> new IllegalArgumentException(
                                        "mp.messaging.incoming.facts.topics: there is no topic " + name)))
                        .toList());
    }

    void close(@Disposes Turn turn) {
        turn.close();
    }
}
