package dev.tutelage.gateway.queue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.TaskDeclared;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An image to label as Label Studio imports it, with what the teacher thinks as a prediction.
 *
 * @see <a href="https://labelstud.io/guide/task_format">Label Studio's format of tasks</a>
 */
@Schema(name = "LabelStudioTask", description = "An image to label, as Label Studio imports it")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LabelStudioTask(Data data, List<Prediction> predictions) {
    /** Names of the control and of what it is about in the labeling configuration. */
    static final String CHOICE = "choice";

    static final String IMAGE = "image";

    /** What is to be labeled; Label Studio keeps all of it, and exports it again. */
    @Schema(name = "LabelStudioData")
    public record Data(
            @Schema(description = "Address of the image's bytes at this gateway")
            String image,

            @Schema(description = "SHA-256 of the image's bytes")
            String digest,

            @Schema(description = "Digest of the shard that holds it")
            String shard,

            @Schema(description = "How much a label would help")
            double usefulness) {}

    /** What a teacher thinks. */
    @Schema(name = "LabelStudioPrediction")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Prediction(
            @Schema(description = "Digest of the teacher") String modelVersion,

            @Schema(description = "Probability of the likeliest class")
            double score,

            List<Result> result) {}

    /** The likeliest class. */
    @Schema(name = "LabelStudioResult")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Result(String id, String fromName, String toName, String type, double score, Value value) {}

    /** Classes that are chosen. */
    @Schema(name = "LabelStudioValue")
    public record Value(@JsonProperty("choices") List<String> choices) {}

    /** @param base address of this gateway, without a slash at its end */
    static LabelStudioTask of(TaskDeclared task, Candidate image, double score, String base) {
        String address = base + new ImageAddress(image.shard(), image.image()).path(task.getTask());
        List<Prediction> predictions = QueueView.guesses(task, image).stream()
                .limit(1)
                .map(guess -> new Prediction(
                        image.teacher(),
                        guess.probability(),
                        List.of(new Result(
                                image.image().substring(0, 10),
                                CHOICE,
                                IMAGE,
                                "choices",
                                guess.probability(),
                                new Value(List.of(guess.className()))))))
                .toList();
        return new LabelStudioTask(new Data(address, image.image(), image.shard(), score), predictions);
    }
}
