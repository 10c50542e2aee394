package dev.tutelage.cli.letter;

import com.fasterxml.jackson.core.JsonProcessingException;
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

    static String json(Object value) {
        try {
            return IndentedJson.of(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Records of text and numbers can always be written as JSON", e);
        }
    }
}
