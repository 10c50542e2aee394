package dev.tutelage.gateway.api.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.gateway.history.Letters;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A dead letter. */
@Schema(name = "DeadLetter", description = "Something could not be processed")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record LetterView(
        @Schema(description = "Where it lies on tutelage.dead-letters, which is its name")
        long offset,

        Instant time,

        @Schema(description = "When it was replayed, or its run was asked for again; absent while it is open")
        Optional<Instant> replayed,

        Optional<String> task,

        @Schema(description = "The run that failed, if it is about one")
        Optional<String> runId,

        @Schema(description = "The service that gave up on it")
        String service,

        @Schema(description = "What is wrong, where, and what to do")
        String reason,

        @Schema(description = "Where the record lies that could not be processed")
        Source source,

        @Schema(description = "How many parts of the input were left out while the rest was used")
        int rejectedCount,

        @Schema(description = "The first of these") List<Rejected> rejected) {

    /** A record on Kafka. */
    @Schema(name = "DeadLetterSource", description = "A record on Kafka")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Source(
            String topic,
            int partition,
            long offset,

            @Schema(description = "Size of the record's value")
            int valueBytes) {}

    /** A part of the input that was left out. */
    @Schema(name = "RejectedItem", description = "A part of the input that was left out")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Rejected(
            String shard,

            @Schema(description = "Key of the image; absent for the shard as a whole")
            Optional<String> image,

            @Schema(examples = "truncated") String kind,
            String reason) {

        static Rejected of(RejectedItem item) {
            return new Rejected(
                    item.getShard(), Text.some(item.getImage()), MessageJson.name(item.getKind()), item.getReason());
        }
    }

    public static LetterView of(Letters.Entry entry, Optional<Instant> replayed) {
        DeadLettered letter = entry.letter();
        return new LetterView(
                entry.offset(),
                entry.time(),
                replayed,
                Text.some(letter.getTask()),
                Text.some(letter.getRunId()),
                letter.getService(),
                letter.getReason(),
                new Source(
                        letter.getSourceTopic(),
                        letter.getSourcePartition(),
                        letter.getSourceOffset(),
                        entry.valueBytes()),
                entry.rejected(),
                letter.getRejectedList().stream().map(Rejected::of).toList());
    }
}
