package dev.tutelage.platform.service;

import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Retry;
import dev.tutelage.platform.artifact.StoreAddress;
import dev.tutelage.platform.log.FactLog;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
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
}
