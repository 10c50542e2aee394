package dev.tutelage.gateway.queue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.TaskDeclared;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The images of a task whose label would help most. */
@Schema(name = "LabelQueue", description = "Unlabeled images, those first whose label would help most")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record QueueView(
        String task,

        @Schema(enumeration = {"margin", "entropy", "disagreement", "centres"})
        String strategy,

        List<Item> items,

        @Schema(description = "Images that could be answered, those that are not told here included")
        int left,

        @Schema(description = "Shards whose images are in the queue")
        int shards,

        @Schema(description = "Shards that teachers have labeled and that wait to be read")
        int unread,

        @Schema(description = "Shards whose soft labels could not be read; they are tried again")
        int unreadable) {

    /** An image. */
    @Schema(name = "LabelQueueItem")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Item(
            @Schema(description = "SHA-256 of its bytes") String image,

            @Schema(description = "Digest of the shard that holds it")
            String shard,

            @Schema(description = "Key that it has there; only of shards that were looked into lately")
            Optional<String> key,

            @Schema(description = "Where its bytes are") String address,

            @Schema(description = "Digest of the newest teacher that has labeled it")
            String teacher,

            @Schema(description = "What that teacher thinks likely, the likeliest first")
            List<Guess> guesses,

            @Schema(
                    description =
                            "By the strategy: 1 - margin; entropy or divergence in nats; share of the image's cluster"
                                    + " minus the number of those in it that are nearer to its centre")
            double score) {}

    /** A class and how likely it is. */
    @Schema(name = "LabelGuess")
    public record Guess(@JsonProperty("class") String className, double probability) {}

    static List<Guess> guesses(TaskDeclared task, Candidate image) {
        return image.guesses().stream()
                .map(each -> new Guess(className(task, each.number()), each.probability()))
                .toList();
    }

    private static String className(TaskDeclared task, int number) {
        return number < task.getClassesCount() ? task.getClasses(number) : "class " + number;
    }
}
