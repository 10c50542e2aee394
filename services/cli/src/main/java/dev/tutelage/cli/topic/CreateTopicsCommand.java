package dev.tutelage.cli.topic;

import dev.tutelage.cli.Terminal;
import dev.tutelage.platform.log.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Creates the topics that a cluster lacks. */
@Command(
        name = "create",
        description =
                "Creates the topics that the cluster lacks, with their partitions and settings; leaves the others as they"
                        + " are. It may be run any number of times.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage topics create --bootstrap-servers kafka:9092"})
public final class CreateTopicsCommand implements Callable<Integer> {
    private static final int TIMEOUT_MILLIS = 30_000;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,...",
            required = true,
            description = "Brokers of the cluster")
    private String servers;

    @Option(
            names = "--replication",
            paramLabel = "N",
            defaultValue = "3",
            description = "Brokers that hold each record. Default: ${DEFAULT-VALUE}")
    private short replication;

    @Option(
            names = "--client-config",
            paramLabel = "FILE",
            description = "Properties of a Kafka client, for clusters that want to know who asks (TLS, SASL)")
    private Optional<Path> config;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        if (replication < 1) {
            terminal.fail("--replication is " + replication + ": each record has at least 1 copy");
            return 2;
        }
        try (Admin admin = Admin.create(client())) {
            List<String> created = Topics.ensure(admin, replication);
            created.forEach(topic -> terminal.say("created " + topic));
            terminal.say(created.isEmpty() ? "All topics are there" : created.size() + " topics created");
            return 0;
        } catch (IOException e) {
            terminal.fail("--client-config cannot be read: " + e.getMessage());
        } catch (ExecutionException e) {
            terminal.fail("The topics cannot be created at " + servers + ": "
                    + e.getCause().getMessage());
        } catch (KafkaException e) {
            Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
            terminal.fail("There is no way to " + servers + ": " + cause.getMessage());
        }
        return 1;
    }

    private Map<String, Object> client() throws IOException {
        Map<String, Object> client = new HashMap<>();
        if (config.isPresent()) {
            Properties properties = new Properties();
            try (Reader file = Files.newBufferedReader(config.get())) {
                properties.load(file);
            }
            properties.stringPropertyNames().forEach(name -> client.put(name, properties.getProperty(name)));
        }
        client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        return client;
    }
}
