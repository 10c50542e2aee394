package dev.tutelage.gateway.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.queue.Outcome.Kind;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelStudioExportTest {
    private static final TaskDeclared TASK = TaskDeclared.newBuilder()
            .setTask("birds")
            .addAllClasses(List.of("wren", "robin"))
            .build();
    private static final String IMAGE = "1a".repeat(32);
    private static final String SHARD = "2b".repeat(32);

    private static String annotation(boolean cancelled, String... classes) {
        return "{\"id\": 7, \"completed_by\": {\"id\": 1}, \"was_cancelled\": " + cancelled + ", \"result\": ["
                + "{\"from_name\": \"rating\", \"type\": \"rating\", \"value\": {\"rating\": 3}},"
                + "{\"id\": \"x\", \"from_name\": \"choice\", \"to_name\": \"image\", \"type\": \"choices\","
                + " \"origin\": \"manual\", \"value\": {\"choices\": [\"" + String.join("\", \"", classes)
                + "\"]}}], \"lead_time\": 3.1}";
    }

    private static String task(String data, String... annotations) {
        return "{\"id\": 1, \"data\": " + data + ", \"annotations\": [" + String.join(", ", annotations)
                + "], \"predictions\": [{\"result\": [{\"type\": \"choices\"}]}], \"total_annotations\": 1}";
    }

    private static String data() {
        return "{\"image\": \"https://g/x.png\", \"digest\": \"" + IMAGE + "\", \"shard\": \"" + SHARD + "\"}";
    }

    private static List<LabelStudioExport.Item> read(String body) {
        return LabelStudioExport.read(TASK, body.getBytes(UTF_8));
    }

    private static Kind refusal(String task) {
        return read("[" + task + "]").get(0).refused().orElseThrow().kind();
    }

    @Test
    void aChoiceBecomesAnAnswer() {
        Answer expected = new Answer(IMAGE, Optional.of(SHARD), OptionalInt.of(1));
        assertThat(read("[" + task(data(), annotation(false, "robin")) + "]"))
                .extracting(LabelStudioExport.Item::answer)
                .containsExactly(Optional.of(expected));
        assertThat(read(task(data(), annotation(false, "robin"))))
                .as("one task alone, as storages have them")
                .extracting(LabelStudioExport.Item::answer)
                .containsExactly(Optional.of(expected));
    }

    @Test
    void anImageIsAlsoKnownByItsAddress() {
        String data = "{\"image\": \"http://gateway:8080/api/tasks/birds/shards/" + SHARD + "/images/" + IMAGE + "\"}";
        assertThat(read("[" + task(data, annotation(false, "wren")) + "]"))
                .extracting(LabelStudioExport.Item::answer)
                .containsExactly(Optional.of(new Answer(IMAGE, Optional.of(SHARD), OptionalInt.of(0))));
    }

    @Test
    void whatIsNoAnswerIsToldByItsKind() {
        assertThat(refusal(task(data(), annotation(true, "robin")))).isEqualTo(Kind.SKIPPED);
        assertThat(refusal(task(data()))).isEqualTo(Kind.SKIPPED);
        assertThat(refusal(task(data(), "{\"result\": []}"))).isEqualTo(Kind.SKIPPED);
        assertThat(refusal(task(data(), "{\"result\": null}", "null"))).isEqualTo(Kind.SKIPPED);
        assertThat(refusal(task(data(), annotation(false, "wren", "robin")))).isEqualTo(Kind.SEVERAL_CHOICES);
        assertThat(refusal(task(data(), annotation(false, "wren"), annotation(false, "robin"))))
                .isEqualTo(Kind.SEVERAL_CHOICES);
        assertThat(refusal(task(data(), annotation(false, "eagle")))).isEqualTo(Kind.UNKNOWN_CLASS);
        assertThat(refusal(task("{\"image\": \"https://elsewhere/1.png\"}", annotation(false, "wren"))))
                .isEqualTo(Kind.UNKNOWN_IMAGE);
        assertThat(refusal(task("null", annotation(false, "wren")))).isEqualTo(Kind.UNKNOWN_IMAGE);
    }

    @Test
    void annotatorsWhoAgreeGiveOneAnswerAndACancelledOneHasNoSay() {
        assertThat(read("["
                        + task(data(), annotation(false, "wren"), annotation(false, "wren"), annotation(true, "robin"))
                        + "]"))
                .extracting(LabelStudioExport.Item::answer)
                .containsExactly(Optional.of(new Answer(IMAGE, Optional.of(SHARD), OptionalInt.of(0))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "[null]",
                "[1]",
                "\"text\"",
                "[{",
                "[{\"data\": [1]}]",
                "[{\"annotations\": {\"a\": 1}}]",
                "no json",
                "[{\"annotations\": [{\"was_cancelled\": \"perhaps\"}]}]"
            })
    void whatIsNoExportIsRefusedWithAWordAboutIt(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(HttpProblem.class, problem -> {
            assertThat(problem.getStatusCode()).isEqualTo(400);
            assertThat(problem.getDetail()).isNotBlank();
        });
    }
}
