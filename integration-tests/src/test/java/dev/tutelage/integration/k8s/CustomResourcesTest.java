package dev.tutelage.integration.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Resources of KEDA and of External Secrets, by the schemas of their CustomResourceDefinitions, which are in the directory that
 * {@code TUTELAGE_CRDS} names. An API server drops what a schema does not have, and says nothing; here it is an error.
 */
@EnabledIf("canBeChecked")
class CustomResourcesTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final Path K8S =
            Path.of(System.getProperty("tutelage.home", "..")).toAbsolutePath().resolve("k8s");

    private static final Map<String, JsonSchema> BY_VERSION_AND_KIND = new TreeMap<>();

    static boolean canBeChecked() {
        return System.getenv("TUTELAGE_CRDS") != null && Overlay.canBeMade();
    }

    @BeforeAll
    static void schemasAreRead() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getenv("TUTELAGE_CRDS")))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
                YAML.readerFor(JsonNode.class)
                        .<JsonNode>readValues(file.toFile())
                        .forEachRemaining(CustomResourcesTest::add);
            }
        }
    }

    private static void add(JsonNode definition) {
        for (JsonNode version : definition.at("/spec/versions")) {
            JsonNode schema = version.at("/schema/openAPIV3Schema");
            close(schema);
            BY_VERSION_AND_KIND.put(
                    definition.at("/spec/group").asText() + "/"
                            + version.path("name").asText() + " "
                            + definition.at("/spec/names/kind").asText(),
                    SCHEMAS.getSchema(schema));
        }
    }

    /** Lets objects have the fields that are listed and no others, unless the schema says otherwise. */
    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            if (object.path("properties").isObject()
                    && !object.has("additionalProperties")
                    && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
                object.put("additionalProperties", false);
            }
            object.path("properties").forEach(CustomResourcesTest::close);
            close(object.path("items"));
            close(object.path("additionalProperties"));
        }
    }

    private static Set<ValidationMessage> wrong(JsonNode object) {
        String kind =
                object.path("apiVersion").asText() + " " + object.path("kind").asText();
        assertThat(BY_VERSION_AND_KIND).as(Overlay.label(object)).containsKey(kind);
        return BY_VERSION_AND_KIND.get(kind).validate(object);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind", "gpu", "production"})
    void everyFieldIsOneThatItsOperatorKnows(String name) throws Exception {
        Overlay overlay = Overlay.of(K8S.resolve("overlays").resolve(name));
        List<JsonNode> custom = Stream.of("ScaledJob", "ScaledObject", "ExternalSecret")
                .flatMap(kind -> overlay.ofKind(kind).stream())
                .toList();
        assertThat(custom).hasSizeGreaterThanOrEqualTo(4).allSatisfy(object -> assertThat(wrong(object))
                .as(Overlay.label(object))
                .isEmpty());
    }

    @Test
    void whatNobodyKnowsIsRefused() throws Exception {
        JsonNode wrong = YAML.readTree(
                "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a},"
                        + " spec: {minReplicas: 0, scaleTargetRef: {name: a}, triggers: [{type: cron, metadata: {start: 5}}]}}");
        assertThat(wrong(wrong))
                .extracting(ValidationMessage::getMessage)
                .anyMatch(message -> message.contains("minReplicas"))
                .anyMatch(message -> message.contains("start"))
                .hasSize(2);
    }
}
