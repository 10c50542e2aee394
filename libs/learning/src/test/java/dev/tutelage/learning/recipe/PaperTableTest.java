package dev.tutelage.learning.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The presets that bear the paper's name have its values in every field; the table names where each is from. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PaperTableTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Map<String, Map<String, String>> presets = new TreeMap<>();

    PaperTableTest() throws IOException {
        add("pretrain", Recipes.PRETRAIN);
        add("fine-tune", Recipes.FINE_TUNE);
        add("distill", Recipes.DISTILL);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/papers-recipes.csv", numLinesToSkip = 1)
    void theFieldHasThePapersValue(String stage, String preset, String field, String value, String source) {
        assertThat(presets.get(stage + " " + preset)).as(source).containsEntry(field, value);
    }

    @Test
    void theTableHasEveryField() throws IOException {
        Map<String, Integer> listed = new TreeMap<>();
        try (Stream<String> lines = new BufferedReader(new InputStreamReader(
                        PaperTableTest.class.getResourceAsStream("/papers-recipes.csv"), StandardCharsets.UTF_8))
                .lines()) {
            lines.skip(1)
                    .map(line -> line.split(","))
                    .forEach(cells -> listed.merge(cells[0] + " " + cells[1], 1, Integer::sum));
        }
        Map<String, Integer> fields = new TreeMap<>();
        presets.forEach((preset, values) -> fields.put(preset, values.size()));
        assertThat(listed).isEqualTo(fields);
    }

    private <R extends Recipe> void add(String stage, Recipes<R> recipes) throws IOException {
        for (String preset : recipes.presets()) {
            if (preset.startsWith("simclrv2-")) {
                Map<String, String> fields = new TreeMap<>();
                flatten("", JSON.readTree(recipes.write(recipes.preset(preset))), fields);
                presets.put(stage + " " + preset, fields);
            }
        }
    }

    private static void flatten(String path, JsonNode node, Map<String, String> fields) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), fields));
        } else {
            fields.put(path, node.isTextual() ? node.asText() : node.toString());
        }
    }
}
