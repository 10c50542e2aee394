package dev.tutelage.gateway.queue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.TaskDeclared;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What came of answers.
 *
 * @param counts of outcomes by kind
 */
@Schema(name = "LabelOutcomes", description = "What came of answers; labels are stored and said on Kafka")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record AnswersView(
        String task,

        @Schema(description = "How many there are of each outcome")
        Map<String, Integer> counts,

        List<One> outcomes) {

    /** What came of one. */
    @Schema(name = "LabelOutcome")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record One(
            @Schema(description = "Which one of the request, from 0")
            int item,

            @Schema(description = "Digest of the image; empty where it is not known")
            String image,

            @Schema(
                    enumeration = {
                        "labeled",
                        "already-labeled",
                        "skipped",
                        "unknown-image",
                        "unknown-class",
                        "several-choices",
                        "unusable-image"
                    })
            String outcome,

            @Schema(description = "Class that the image has now, whoever gave it") @JsonProperty("class")
            Optional<String> className,

            @Schema(description = "Digest of the labeled shard that holds it")
            Optional<String> shard,

            @Schema(description = "More about it") Optional<String> detail) {}

    static AnswersView of(TaskDeclared task, List<Outcome> outcomes) {
        return new AnswersView(
                task.getTask(),
                outcomes.stream()
                        .collect(Collectors.toMap(each -> each.kind().text(), each -> 1, Integer::sum, TreeMap::new)),
                IntStream.range(0, outcomes.size())
                        .mapToObj(i -> one(task, i, outcomes.get(i)))
                        .toList());
    }

    private static One one(TaskDeclared task, int item, Outcome outcome) {
        return new One(
                item,
                outcome.image(),
                outcome.kind().text(),
                outcome.label().isPresent()
                        ? Optional.of(task.getClasses(outcome.label().getAsInt()))
                        : Optional.empty(),
                outcome.shard(),
                Optional.of(outcome.detail()).filter(detail -> !detail.isEmpty()));
    }
}
