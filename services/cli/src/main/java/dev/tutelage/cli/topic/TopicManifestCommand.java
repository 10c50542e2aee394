package dev.tutelage.cli.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tutelage.cli.Terminal;
import dev.tutelage.platform.log.Topics;
import java.util.ArrayList;
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
        YAMLMapper yaml = YAMLMapper.builder()
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .build();
        List<String> documents = new ArrayList<>();
        for (NewTopic topic : Topics.all(replication)) {
            documents.add(yaml.writeValueAsString(resource(topic)));
        }
        terminal.say(String.join("", documents).stripTrailing());
        return 0;
    }

    private Map<String, Object> resource(NewTopic topic) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("partitions", topic.numPartitions());
        spec.put("replicas", topic.replicationFactor());
        spec.put("config", new TreeMap<>(topic.configs()));
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("apiVersion", "kafka.strimzi.io/v1beta2");
        resource.put("kind", "KafkaTopic");
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", topic.name());
        metadata.put("labels", Map.of("strimzi.io/cluster", cluster));
        resource.put("metadata", metadata);
        resource.put("spec", spec);
        return resource;
    }
}
