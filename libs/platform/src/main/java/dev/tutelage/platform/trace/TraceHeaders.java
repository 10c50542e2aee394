package dev.tutelage.platform.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What a record was written in the course of, in its headers: W3C Trace Context ({@code traceparent}, and {@code tracestate}
 * where there is one). Nothing but traces goes by them, and a fact is the same fact with or without.
 */
public final class TraceHeaders {
    private static final TextMapGetter<Headers> GETTER = new Reading();

    private TraceHeaders() {}

    /** Puts it there, unless there is none: nothing is traced. */
    public static void put(SpanContext cause, Headers headers) {
        W3CTraceContextPropagator.getInstance()
                .inject(Context.root().with(Span.wrap(cause)), headers, (carrier, name, value) -> {
                    carrier.remove(name).add(name, value.getBytes(UTF_8));
                });
    }

    /** Takes it; not valid where a record has none, or none that can be read. */
    public static SpanContext take(Headers headers) {
        Context found = W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, GETTER);
        return Span.fromContext(found).getSpanContext();
    }

    private static final class Reading implements TextMapGetter<Headers> {
        @Override
        public Iterable<String> keys(Headers headers) {
            return StreamSupport.stream(headers.spliterator(), false)
                    .map(Header::key)
                    .toList();
        }

        @Override
        public String get(Headers headers, String name) {
            return Optional.ofNullable(headers.lastHeader(name))
                    .map(Header::value)
                    .map(value -> new String(value, UTF_8))
                    .orElse(null);
        }
    }
}
