package dev.tutelage.event;

import com.google.protobuf.Message;
import java.time.Instant;
import java.util.Objects;

/**
 * Something that has happened, and who says so.
 *
 * @param payload what has happened: one of the messages of {@link FactType}
 * @param source who says so: a CloudEvents source such as {@code /tutelage/labeler}
 * @param time when it was said
 */
public record Fact(Message payload, String source, Instant time) {

    public Fact {
        FactType.of(payload);
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(time, "time");
    }

    public FactType type() {
        return FactType.of(payload);
    }

    public Topic topic() {
        return type().topicOf(payload);
    }

    public String key() {
        return type().keyOf(payload);
    }
}
