package dev.tutelage.cli.machine;

import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * How the broker and the store of a machine are started.
 *
 * @param options whose class path and variables they get
 * @param detours more ports at which the broker listens
 */
record Infrastructure(
        StateDirectory state,
        Endpoints endpoints,
        int controllerPort,
        MachineOptions options,
        List<BrokerFiles.Detour> detours) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Map<String, String> LOGGING = Map.of(
            "org.slf4j.simpleLogger.defaultLogLevel", "warn",
            "org.slf4j.simpleLogger.showDateTime", "true",
            "org.slf4j.simpleLogger.dateTimeFormat", "HH:mm:ss.SSS");

    ProcessSpec broker() throws IOException, MachineException {
        Path properties = BrokerFiles.prepare(state, endpoints.kafkaPort(), controllerPort, detours);
        return new ProcessSpec(
                Endpoints.KAFKA,
                endpoints.kafkaPort(),
                new JavaCommand("384m")
                        .lightlyCompiled()
                        .properties(LOGGING)
                        .main(options.classPath(), BrokerProcess.class, properties),
                options.environment(Endpoints.KAFKA),
                state.log(Endpoints.KAFKA),
                this::isKafkaReady,
                PATIENCE,
                GRACE);
    }

    ProcessSpec store() throws IOException {
        Path properties = state.path().resolve("s3.properties");
        Files.writeString(
                properties,
                String.join(
                        "\n",
                        "s3proxy.endpoint=http://127.0.0.1:" + endpoints.storePort(),
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + Endpoints.ACCESS_KEY,
                        "s3proxy.credential=" + Endpoints.SECRET_KEY,
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.identity=local",
                        "jclouds.credential=local",
                        "jclouds.filesystem.basedir=" + state.path().resolve("s3"),
                        ""));
        return new ProcessSpec(
                Endpoints.STORE,
                endpoints.storePort(),
                new JavaCommand("256m").properties(LOGGING).main(options.classPath(), StoreProcess.class, properties),
                options.environment(Endpoints.STORE),
                state.log(Endpoints.STORE),
                this::isStoreReady,
                PATIENCE,
                GRACE);
    }

    private boolean isKafkaReady() throws InterruptedException {
        Map<String, Object> config = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                endpoints.bootstrapServers(),
                AdminClientConfig.CLIENT_ID_CONFIG,
                "readiness-" + UUID.randomUUID());
        if (!BrokerFiles.isListening(endpoints.kafkaPort())) {
            return false;
        }
        try (Admin admin = Admin.create(config)) {
            return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private boolean isStoreReady() {
        try {
            new ArtifactStore(endpoints.store(), new Retry(1, Duration.ZERO, Duration.ZERO)).ensureBucket();
            return true;
        } catch (ArtifactStoreException e) {
            return false;
        }
    }
}
