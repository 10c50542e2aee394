package dev.tutelage.cli.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tutelage.cli.Terminal;
import dev.tutelage.platform.log.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.NewTopic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the topics as Strimzi's topic operator takes them. */
@Command(
        name = "strimzi",
        description = "Prints the topics as KafkaTopic resources for Strimzi's topic operator.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage topics strimzi --cluster kafka | kubectl apply -f -"})
public final class TopicManifestCommand implements Callable<Integer> {
    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            defaultValue = "kafka",
            description = "Name of the Kafka resource. Default: ${DEFAULT-VALUE}")
    private String cluster;

    @Option(
            names = "--replication",
            paramLabel = "N",
            defaultValue = "3",
            description = "Brokers that hold each record. Default: ${DEFAULT-VALUE}")
    private short replication;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws JsonProcessingException {
        List<StrimziResource> resources =
                Topics.all(replication).stream().map(this::resource).toList();
        terminal.say(StrimziResource.yaml(resources));
        return 0;
    }

    private StrimziResource resource(NewTopic topic) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("partitions", topic.numPartitions());
        spec.put("replicas", topic.replicationFactor());
        spec.put("config", new TreeMap<>(topic.configs()));
        return new StrimziResource("KafkaTopic", topic.name(), cluster, spec);
    }
}
