package dev.tutelage.platform.trace;

import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.platform.run.RunId;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;

/** Work on records that others have written: what is said and logged meanwhile tells in the course of what. */
public final class AtWork {

    private AtWork() {}

    /**
     * Some work.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws InterruptedException;
    }

    /**
     * Works on a request: in a span, which is a child of the one in which it was asked for, and with the run's fields in what is
     * logged. A worker that is killed never ends its span, so that one is not told; the worker that goes on has one of its own.
     *
     * @param cause in the course of which it was asked for
     */
    @SuppressWarnings("try") // What is opened is there to be closed.
    public static <T> T on(RunRequested request, SpanContext cause, Tracer tracer, Work<T> work)
            throws InterruptedException {
        RunFields fields = RunFields.of(request);
        Span span = tracer.spanBuilder(RunId.nameOf(request.getStage()))
                .setParent(Context.root().with(Span.wrap(cause)))
                .setSpanKind(SpanKind.CONSUMER)
                .setAllAttributes(fields.attributes())
                .startSpan();
        try (Scope scope = span.makeCurrent();
                RunFields.Logged logged = fields.logged()) {
            return work.run();
        } finally {
            span.end();
        }
    }

    /** Does what a record gives cause for, without a span of its own. */
    @SuppressWarnings("try")
    public static <T> T because(SpanContext cause, Work<T> work) throws InterruptedException {
        try (Scope scope = Context.root().with(Span.wrap(cause)).makeCurrent()) {
            return work.run();
        }
    }
}
