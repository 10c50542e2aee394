package dev.tutelage.learning.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.HeadPart;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Manifests as JSON: fields in one fixed order, numbers written alike by every JDK, unknown fields ignored. */
final class ManifestJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Line ends are fixed: the platform's would change the digest. */
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");

    private ManifestJson() {}

    static byte[] write(Manifest manifest) {
        Provenance provenance = manifest.provenance();
        ObjectNode json = JSON.createObjectNode();
        json.put("formatVersion", Manifest.FORMAT_VERSION);
        json.put("task", provenance.task());
        json.put("stage", provenance.stage().text());
        json.set("architecture", architecture(manifest.architecture()));
        provenance.classes().forEach(json.putArray("classes")::add);
        json.set("images", JSON.valueToTree(provenance.images()));
        json.set("recipe", recipe(provenance.recipe()));
        provenance.parent().ifPresent(parent -> json.put("parent", parent));
        provenance.start().ifPresent(start -> json.put("start", start));
        json.put("dataset", provenance.dataset());
        json.put("seed", provenance.seed());
        manifest.versions().forEach(json.putObject("versions")::put);
        manifest.metrics().forEach(json.putObject("metrics")::put);
        json.put("parameters", manifest.parameters());
        json.set("files", JSON.valueToTree(manifest.files()));
        return (pretty(json) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Indented JSON, one value a line: as every value is a string or a number, no line of it begins with a backtick. */
    static String pretty(Object value) {
        try {
            DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(INDENT);
            printer.indentArraysWith(INDENT);
            return JSON.writer(printer).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings and numbers always become JSON", e);
        }
    }

    /** @throws IllegalArgumentException if the text is not such a value as JSON */
    static <T> T parse(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "is no " + type.getSimpleName() + " as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** @throws IllegalArgumentException saying what is wrong in which field */
    static Manifest read(byte[] bytes) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("is not JSON: " + e.getMessage(), e);
        }
        long version = field(json, "formatVersion").asLong();
        if (version != Manifest.FORMAT_VERSION) {
            throw new IllegalArgumentException("has format version " + version + ", but this Tutelage reads version "
                    + Manifest.FORMAT_VERSION + ": use the version that wrote it, or a later one");
        }
        Provenance provenance = new Provenance(
                text(json, "task"),
                Stage.of(text(json, "stage")),
                strings(field(json, "classes")),
                value(json, "images", ImageShape.class),
                field(json, "recipe").toString(),
                Optional.ofNullable(json.get("parent")).map(JsonNode::asText),
                text(json, "dataset"),
                field(json, "seed").asLong(),
                Optional.ofNullable(json.get("start")).map(JsonNode::asText));
        Map<String, String> versions = new TreeMap<>();
        field(json, "versions")
                .properties()
                .forEach(entry -> versions.put(entry.getKey(), entry.getValue().asText()));
        Map<String, Double> metrics = new TreeMap<>();
        field(json, "metrics")
                .properties()
                .forEach(entry -> metrics.put(entry.getKey(), entry.getValue().asDouble()));
        return new Manifest(
                provenance,
                architecture(field(json, "architecture")),
                versions,
                metrics,
                field(json, "parameters").asLong(),
                List.of(value(json, "files", Manifest.File[].class)));
    }

    private static ObjectNode architecture(Architecture architecture) {
        ObjectNode json = JSON.createObjectNode();
        if (architecture instanceof Architecture.Pretrained pretrained) {
            json.put("kind", "pretrained");
            json.set("encoder", encoder(pretrained.encoder()));
            json.set("head", JSON.valueToTree(pretrained.head()));
        } else if (architecture instanceof Architecture.Predicting predicting) {
            json.put("kind", "classifier");
            json.set("encoder", encoder(predicting.encoder()));
            HeadPart head = predicting.classifier().head();
            json.put("headLayers", head.hiddenLayers());
            head.projection().ifPresent(width -> json.put("projection", width));
            json.put("classes", predicting.classifier().classes());
        }
        return json;
    }

    private static ObjectNode encoder(ResNet encoder) {
        ObjectNode json = JSON.createObjectNode();
        json.put("kind", "resnet");
        json.setAll((ObjectNode) JSON.valueToTree(encoder));
        return json;
    }

    private static Architecture architecture(JsonNode json) {
        String kind = text(field(json, "encoder"), "kind");
        if (!kind.equals("resnet")) {
            throw new IllegalArgumentException("has an encoder of an unknown kind, \"" + kind + "\"");
        }
        ResNet encoder = value(json, "encoder", ResNet.class);
        return switch (text(json, "kind")) {
            case "pretrained" -> new Architecture.Pretrained(encoder, value(json, "head", ProjectionHead.class));
            case "classifier" ->
                new Architecture.Predicting(new Classifier(
                        encoder,
                        new HeadPart(
                                encoder.outputWidth(), field(json, "headLayers").asInt(), projection(json)),
                        field(json, "classes").asInt()));
            default ->
                throw new IllegalArgumentException("has an architecture of an unknown kind, " + json.get("kind"));
        };
    }

    private static OptionalInt projection(JsonNode json) {
        return json.has("projection") ? OptionalInt.of(json.get("projection").asInt()) : OptionalInt.empty();
    }

    /** @throws IllegalArgumentException if the recipe is not a JSON object */
    static JsonNode recipe(String text) {
        try {
            JsonNode recipe = JSON.readTree(text);
            if (recipe.isObject()) {
                return recipe;
            }
            throw new IllegalArgumentException("the recipe is not a JSON object: " + text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the recipe is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static JsonNode field(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            throw new IllegalArgumentException("lacks the field \"" + name + "\"");
        }
        return value;
    }

    private static String text(JsonNode json, String name) {
        JsonNode value = field(json, name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("has the field \"" + name + "\" that is not a string: " + value);
        }
        return value.textValue();
    }

    private static List<String> strings(JsonNode json) {
        List<String> strings = new ArrayList<>();
        json.forEach(value -> strings.add(value.asText()));
        return strings;
    }

    private static <T> T value(JsonNode json, String name, Class<T> type) {
        try {
            return JSON.treeToValue(field(json, name), type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "has the field \"" + name + "\" with a bad value: " + e.getOriginalMessage(), e);
        }
    }
}
