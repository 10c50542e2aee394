package dev.tutelage.cli.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A resource that Strimzi's operators take.
 *
 * @param cluster name of the Kafka resource that it belongs to
 * @param spec in the order in which it is printed
 */
record StrimziResource(String kind, String name, String cluster, Map<String, Object> spec) {

    /** All of them as documents of one YAML file. */
    static String yaml(List<StrimziResource> resources) throws JsonProcessingException {
        YAMLMapper yaml = YAMLMapper.builder()
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .build();
        StringBuilder documents = new StringBuilder();
        for (StrimziResource resource : resources) {
            documents.append(yaml.writeValueAsString(resource.fields()));
        }
        return documents.toString().stripTrailing();
    }

    private Map<String, Object> fields() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", name);
        metadata.put("labels", Map.of("strimzi.io/cluster", cluster));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("apiVersion", "kafka.strimzi.io/v1beta2");
        fields.put("kind", kind);
        fields.put("metadata", metadata);
        fields.put("spec", spec);
        return fields;
    }
}
