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
                differ from it, written as they stand here. A wrong name is refused with the nearest right one, a wrong value with
                the values there are. `selection` is not a stage: it stands beside `recipes`, without a preset, and everything is
                learned from where there is none. The records of `dev.tutelage.learning.recipe` are what this page is generated from.
                """);
        stage(page, "pretrain", PretrainRecipe.class, Recipes.PRETRAIN);
        stage(page, "fine-tune", FineTuneRecipe.class, Recipes.FINE_TUNE);
        stage(page, "supervised", SupervisedRecipe.class, Recipes.SUPERVISED);
        stage(page, "label", LabelRecipe.class, Recipes.LABEL);
        stage(page, "distill", DistillRecipe.class, Recipes.DISTILL);
        stage(page, "selection", SelectionRecipe.class, Recipes.SELECTION);
        return page.toString();
    }

    private static <R extends Recipe> void stage(StringBuilder page, String name, Class<R> kind, Recipes<R> recipes)
            throws IOException {
        List<String> presets = recipes.presets();
        Map<String, Map<String, String>> fields = new TreeMap<>();
        for (String preset : presets) {
            Map<String, String> values = new LinkedHashMap<>();
            flatten("", JSON.readTree(recipes.write(recipes.preset(preset))), values);
            values.forEach((field, value) ->
                    fields.computeIfAbsent(field, none -> new TreeMap<>()).put(preset, value));
        }
        page.append("\n## ").append(name).append("\n\n| field | meaning |");
        presets.forEach(preset -> page.append(" `").append(preset).append("` |"));
        page.append("\n|---|---|").append("---|".repeat(presets.size())).append('\n');
        Map<String, String> meanings = FieldMeanings.of(kind);
        fields.forEach((field, values) -> {
            boolean repeated = field.matches(".*\\[[1-9]\\d*].*");
            String meaning = repeated ? "" : meanings.get(field.replaceAll("\\[\\d+]", ""));
            page.append("| `").append(field).append("` | ").append(meaning).append(" |");
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
