package dev.tutelage.gateway.api.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.control.letter.Contents;
import dev.tutelage.control.letter.Letter;
import dev.tutelage.control.letter.LetterStory;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What the record of a dead letter holds. */
@Schema(name = "DeadLetterRecord", description = "What the record of a dead letter holds")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LetterRecordView(
        long offset,
        @Schema(description = "The record's key, as text") String key,

        @Schema(description = "The record's headers, as text")
        Map<String, String> headers,

        @Schema(type = SchemaType.OBJECT, description = "The fields of the fact that it says; none if it says none")
        JsonNode payload,

        @Schema(description = "Why it says none; empty if it does")
        String problem,

        @Schema(description = "The first bytes of a record that says none")
        List<String> dump,

        @Schema(
                type = SchemaType.ARRAY,
                description = "All parts of the input that were left out: RejectedItem of the protocol")
        JsonNode leftOut,

        @Schema(description = "All that there is to tell of the letter, for people, a line each")
        List<String> text) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static LetterRecordView of(Letter letter) {
        Contents contents = Contents.of(letter.fact());
        return new LetterRecordView(
                letter.offset(),
                letter.fact().getKey().toString(UTF_8),
                contents.headers(),
                JSON.valueToTree(contents.fact().map(Contents::fields).orElse(Map.of())),
                contents.problem(),
                contents.fact().isPresent()
                        ? List.of()
                        : Contents.dump(letter.fact().getValue()),
                JSON.valueToTree(letter.fact().getRejectedList().stream()
                        .map(Contents::fields)
                        .toList()),
                LetterStory.lines(letter, contents));
    }
}
