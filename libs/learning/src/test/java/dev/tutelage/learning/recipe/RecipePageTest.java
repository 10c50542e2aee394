package dev.tutelage.learning.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Keeps docs/recipes.md what the code says. {@code -Dtutelage.write-docs=true} writes the page anew. */
class RecipePageTest {
    private static final Path PAGE = Path.of("../../docs/recipes.md");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @Test
    void thePageSaysWhatThePresetsAre() throws IOException {
        String page = page();
        if (Boolean.getBoolean("tutelage.write-docs")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as("mvn -pl libs/learning test -Dtutelage.write-docs=true writes it")
                .hasContent(page);
    }

    private static String page() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Recipes

                A recipe decides all that a stage does. A task file names a preset for each stage and any fields that should
                differ from it, written as they stand here. What a field means and which values it takes is told by the
                records of `dev.tutelage.learning.recipe`; a wrong name or value is refused with the nearest right one.

                This page is generated from the code.
                """);
        stage(page, "pretrain", Recipes.PRETRAIN);
        stage(page, "fine-tune", Recipes.FINE_TUNE);
        stage(page, "supervised", Recipes.SUPERVISED);
        stage(page, "label", Recipes.LABEL);
        stage(page, "distill", Recipes.DISTILL);
        return page.toString();
    }

    private static <R extends Recipe> void stage(StringBuilder page, String name, Recipes<R> recipes)
            throws IOException {
        List<String> presets = recipes.presets();
        Map<String, Map<String, String>> fields = new TreeMap<>();
        for (String preset : presets) {
            Map<String, String> values = new LinkedHashMap<>();
            flatten("", JSON.readTree(recipes.write(recipes.preset(preset))), values);
            values.forEach((field, value) ->
                    fields.computeIfAbsent(field, none -> new TreeMap<>()).put(preset, value));
        }
        page.append("\n## ").append(name).append("\n\n| field |");
        presets.forEach(preset -> page.append(" `").append(preset).append("` |"));
        page.append("\n|---|").append("---|".repeat(presets.size())).append('\n');
        fields.forEach((field, values) -> {
            page.append("| `").append(field).append("` |");
            presets.forEach(preset ->
                    page.append(' ').append(values.getOrDefault(preset, "")).append(" |"));
            page.append('\n');
        });
    }

    private static void flatten(String path, JsonNode node, Map<String, String> values) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), values));
        } else if (node.isArray() && node.path(0).isObject()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "[" + i + "]", node.get(i), values);
            }
        } else {
            values.put(path, node.toString().replace("\"", "").replace(",", ", "));
        }
    }
}
