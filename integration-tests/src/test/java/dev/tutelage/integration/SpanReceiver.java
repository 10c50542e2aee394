package dev.tutelage.integration;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** Takes spans as a collector does, by OTLP over HTTP, and finds how one led to another. */
final class SpanReceiver implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Received> spans = new ConcurrentHashMap<>();

    /** @param service that has sent it */
    record Received(String service, Span span) {

        String id() {
            return idOf(span.getSpanId().toByteArray());
        }

        /** As {@code labeler: request label}. */
        String title() {
            return service + ": " + span.getName();
        }

        Optional<String> attribute(String name) {
            return value(span.getAttributesList(), name);
        }

        boolean hasEvent(String name) {
            return span.getEventsList().stream()
                    .anyMatch(event -> event.getName().equals(name));
        }
    }

    SpanReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.setExecutor(Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "spans");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    /** What makes a service send its spans here, each soon. */
    Map<String, String> environment() {
        return Map.of(
                "QUARKUS_OTEL_SDK_DISABLED", "false",
                "QUARKUS_OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
                "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT",
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                "QUARKUS_OTEL_BSP_SCHEDULE_DELAY", "200ms");
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            ExportTraceServiceRequest.parseFrom(exchange.getRequestBody())
                    .getResourceSpansList()
                    .forEach(this::add);
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void add(ResourceSpans some) {
        String service =
                value(some.getResource().getAttributesList(), "service.name").orElse("");
        some.getScopeSpansList().stream()
                .flatMap(scope -> scope.getSpansList().stream())
                .map(span -> new Received(service, span))
                .forEach(received -> spans.put(received.id(), received));
    }

    /** All that have come so far. */
    List<Received> all() {
        return List.copyOf(spans.values());
    }

    /** What led to a span, by parents and links: itself first, the nearest first. What has not come is left out. */
    List<Received> whatLedTo(Received span) {
        Map<String, Received> found = new LinkedHashMap<>();
        Deque<Received> next = new ArrayDeque<>(List.of(span));
        while (!next.isEmpty()) {
            Received each = next.remove();
            if (found.putIfAbsent(each.id(), each) == null) {
                find(each.span().getParentSpanId().toByteArray()).ifPresent(next::add);
                each.span().getLinksList().forEach(link -> find(link.getSpanId().toByteArray())
                        .ifPresent(next::add));
            }
        }
        return List.copyOf(found.values());
    }

    private Optional<Received> find(byte[] id) {
        return Optional.ofNullable(spans.get(idOf(id)));
    }

    private static String idOf(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static Optional<String> value(List<KeyValue> attributes, String name) {
        return attributes.stream()
                .filter(attribute -> attribute.getKey().equals(name))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
