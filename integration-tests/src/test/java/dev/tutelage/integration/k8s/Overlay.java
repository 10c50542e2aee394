package dev.tutelage.integration.k8s;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tutelage.platform.fixture.Programs;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What Kustomize makes of a directory. */
record Overlay(String name, List<JsonNode> objects) {
    private static final YAMLMapper YAML = new YAMLMapper();

    /** Kubernetes' own objects, typed, and nothing in them that their types do not have. */
    static final ObjectMapper STRICT = YAMLMapper.builder()
            .annotationIntrospector(new WithoutRest())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** The models take what they do not know into a map; here that is an error. */
    private static final class WithoutRest extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** Kustomize, alone or in kubectl; empty where there is neither. */
    private static List<String> kustomize() {
        if (Programs.isThere("kustomize")) {
            return List.of("kustomize", "build");
        }
        return Programs.isThere("kubectl") ? List.of("kubectl", "kustomize") : List.of();
    }

    static boolean canBeMade() {
        return !kustomize().isEmpty();
    }

    static Overlay of(Path directory) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(kustomize());
        command.add(directory.toString());
        Process kustomize = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<JsonNode> objects = new ArrayList<>();
        YAML.readerFor(JsonNode.class)
                .<JsonNode>readValues(kustomize.getInputStream())
                .forEachRemaining(objects::add);
        if (kustomize.waitFor() != 0) {
            throw new IOException(directory + " cannot be built");
        }
        return new Overlay(directory.getFileName().toString(), objects);
    }

    List<JsonNode> ofKind(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    static String label(JsonNode object) {
        return object.path("kind").asText() + " " + object.at("/metadata/name").asText();
    }

    /** The pods that an object makes. */
    static Optional<JsonNode> template(JsonNode object) {
        return List.of("/spec/template", "/spec/jobTargetRef/template").stream()
                .map(object::at)
                .filter(found -> found.has("spec"))
                .findFirst();
    }

    static PodTemplateSpec typed(JsonNode template) {
        try {
            return STRICT.treeToValue(template, PodTemplateSpec.class);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
