package dev.tutelage.cli.machine;

import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Retry;
import dev.tutelage.platform.artifact.StoreAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Where a machine is reached.
 *
 * @param kafkaPort of the broker
 * @param storePort of the S3 endpoint
 */
public record Endpoints(int kafkaPort, int storePort) {
    static final String KAFKA = "kafka";
    static final String STORE = "s3";
    static final String ACCESS_KEY = "tutelage";
    static final String SECRET_KEY = "tutelage-secret";
    static final String BUCKET = "tutelage";

    /**
     * Those of the machine that another process runs on a state directory.
     *
     * @throws MachineException if none does
     */
    public static Endpoints ofRunning(Path state) throws MachineException {
        Path path = state.toAbsolutePath().normalize();
        try {
            Ports ports = Ports.in(path);
            OptionalInt kafka = ports.remembered(KAFKA);
            OptionalInt store = ports.remembered(STORE);
            if (Holder.read(path).filter(Holder::isAlive).isPresent() && kafka.isPresent() && store.isPresent()) {
                return new Endpoints(kafka.getAsInt(), store.getAsInt());
            }
        } catch (IOException e) {
            throw new MachineException("State directory " + path + " cannot be read: " + e.getMessage(), e);
        }
        throw new MachineException("No tutelage runs on state directory " + path
                + ". Start one with tutelage up --state " + state + ", or name another directory with --state");
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** Settings with which a Kafka client reaches the broker. */
    public Map<String, Object> kafka() {
        return Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
    }

    /** Where the artifact store is. */
    public StoreAddress store() {
        return new StoreAddress(
                URI.create("http://127.0.0.1:" + storePort), BUCKET, "us-east-1", ACCESS_KEY, SECRET_KEY);
    }

    /** A client of the artifact store. */
    public ArtifactStore artifactStore() {
        return new ArtifactStore(store(), Retry.PATIENT);
    }
}
