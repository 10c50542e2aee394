package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.Recipes;
import dev.tutelage.event.v1.TaskDeclared;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a task was declared to be, with all that its file left to presets and defaults.
 *
 * @param image its shape
 */
@Schema(name = "Declaration", description = "What the task was declared to be, presets and defaults filled in")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record DeclarationView(
        @Schema(description = "A label is an index into this list")
        List<String> classes,

        Image image,

        @Schema(description = "By stage: pretrain, fine_tune, supervised, label, distill, self_distill")
        Map<String, JsonNode> recipes,

        @Schema(type = SchemaType.OBJECT, description = "Policies of the protocol; what has its default is left out")
        JsonNode policies,

        @Schema(type = SchemaType.OBJECT, description = "Which soft-labeled images students learn from; absent: all")
        Optional<JsonNode> selection) {

    /** Shape of every image. */
    @Schema(name = "ImageShape", description = "Shape of every image of a task")
    public record Image(int channels, int height, int width) {}

    public static DeclarationView of(TaskDeclared task) {
        return new DeclarationView(
                List.copyOf(task.getClassesList()),
                new Image(
                        task.getImage().getChannels(),
                        task.getImage().getHeight(),
                        task.getImage().getWidth()),
                recipes(task.getRecipes()),
                MessageJson.of(task.getPolicies()),
                Text.some(task.getSelection()).map(MessageJson::recipe));
    }

    private static Map<String, JsonNode> recipes(Recipes recipes) {
        Map<String, JsonNode> byStage = new TreeMap<>();
        recipes.getAllFields()
                .forEach((field, recipe) -> byStage.put(field.getName(), MessageJson.recipe(recipe.toString())));
        return byStage;
    }
}
