package dev.tutelage.cli.letter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tutelage.cli.IndentedJson;
import dev.tutelage.control.letter.Letter;

/**
 * A dead letter in short, for programs.
 *
 * @param source {@code topic-partition@offset} of the record that could not be processed
 * @param run empty if the record is no request
 * @param replayed when it was, RFC 3339 in UTC; empty if it was not
 */
record LetterLine(
        long offset,
        String time,
        String task,
        String service,
        String source,
        String run,
        String reason,
        int leftOut,
        String replayed) {

    static LetterLine of(Letter letter) {
        return new LetterLine(
                letter.offset(),
                letter.time().toString(),
                letter.fact().getTask(),
                letter.fact().getService(),
                letter.source().toString(),
                letter.fact().getRunId(),
                letter.fact().getReason(),
                letter.fact().getRejectedCount(),
                letter.replayed().map(Object::toString).orElse(""));
    }

    /** As a gateway tells of it. */
    static LetterLine of(JsonNode view) {
        JsonNode source = view.path("source");
        return new LetterLine(
                view.path("offset").asLong(),
                view.path("time").asText(),
                view.path("task").asText(),
                view.path("service").asText(),
                source.path("topic").asText() + "-" + source.path("partition").asInt() + "@"
                        + source.path("offset").asLong(),
                view.path("run_id").asText(),
                view.path("reason").asText(),
                view.path("rejected_count").asInt(),
                view.path("replayed").asText());
    }

    /** For people, in one line. */
    String text() {
        return String.format(
                "%6d  %s  %s  %s  %s  %s%s",
                offset,
                time,
                task.isEmpty() ? "-" : task,
                service,
                source,
                replayed.isEmpty() ? "" : "(replayed) ",
                reason.lines().findFirst().orElse(""));
    }

    static String json(Object value) {
        try {
            return IndentedJson.of(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Records of text and numbers can always be written as JSON", e);
        }
    }
}
