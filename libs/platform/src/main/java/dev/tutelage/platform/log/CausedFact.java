package dev.tutelage.platform.log;

import com.google.protobuf.Message;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.List;

/**
 * A fact that is to be said, and the span in which it came about, of which its record tells.
 *
 * @param cause not valid where nothing is traced
 */
public record CausedFact(Message payload, SpanContext cause) {

    /** Facts that come about now. */
    public static List<CausedFact> now(List<? extends Message> payloads) {
        return by(Span.current(), payloads);
    }

    /** Facts that come about in a span. */
    public static List<CausedFact> by(Span span, List<? extends Message> payloads) {
        SpanContext cause = span.getSpanContext();
        return payloads.stream().map(payload -> new CausedFact(payload, cause)).toList();
    }
}
