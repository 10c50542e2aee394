package dev.tutelage.control.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same task, written as JSON. */
class TaskFormatTest {
    private static final String BIRDS = """
            {
            \t"task": "birds", "classes": ["wren", "robin"], "seed": 7,
            \t"image": {"channels": 3, "height": 32, "width": 48},
            \t"recipes": {
            \t\t"pretrain": {"preset": "quick"}, "fine-tune": {"preset": "quick"},
            \t\t"label": {"preset": "quick"}, "distill": {"preset": "quick"}
            \t},
            \t"policies": {
            \t\t"pretrain-min-images": 100, "fine-tune-min-labels": 10, "distill-min-images": 100,
            \t\t"evaluation-min-images": 20, "promotion-min-top1": 12.5
            \t}
            }
            """;

    @Test
    void aTaskIsTheSameInJsonAsInYaml() throws Exception {
        assertThat(TaskYaml.read("body", BIRDS, TaskFormat.JSON))
                .isEqualTo(TaskYaml.read("body", TaskFiles.BIRDS, TaskFormat.YAML));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "seed": 7          | "seed": 7,             | body, line 2: not valid JSON
            "seed": 7          | "seed": 7, "seed": 8   | body, line 2: not valid JSON: Duplicate field 'seed'
            "seed": 7          | "sed": 7               | unknown field 'sed'; did you mean 'seed'?
            "seed": 7          | "seed": "7"            | field 'seed'
            {"preset": "quick"}| {"preset": "quack"}    | field 'recipes.
            12.5               | 120                    | field 'policies.promotion-min-top1' must be 0..100
            """)
    void whatIsWrongInJsonIsNamedAsInYaml(String text, String instead, String message) {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> TaskYaml.read("body", BIRDS.replace(text, instead), TaskFormat.JSON))
                .withMessageStartingWith("body")
                .withMessageContaining(message);
    }
}
