package dev.tutelage.cli.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks a gateway over HTTP. */
public final class GatewayClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONFLICT = 409;
    private static final Duration CONNECTING = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECTING)
            .build();
    private final URI server;
    private final Optional<String> key;

    /**
     * @param server its address; a path in it is kept
     * @param key with which one gets in
     */
    GatewayClient(URI server, Optional<String> key) {
        this.server = URI.create(server.toString().replaceAll("/+$", ""));
        this.key = key;
    }

    /** A text that may be a part of a path or a value of a query. */
    public static String escaped(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /** A query of those fields that have a value, with its question mark. */
    public static String query(Map<String, Optional<String>> fields) {
        String query = fields.entrySet().stream()
                .filter(field -> field.getValue().isPresent())
                .map(field -> field.getKey() + "=" + escaped(field.getValue().orElseThrow()))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    /**
     * What is at a path.
     *
     * @throws GatewayException if the gateway refuses or cannot be reached
     */
    public JsonNode get(String path) throws GatewayException, InterruptedException {
        return send(request(path).GET());
    }

    /**
     * The first items of a collection, from as many pages as it takes.
     *
     * @param most items
     */
    public List<JsonNode> items(String path, int most) throws GatewayException, InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        Optional<String> next = Optional.of(path);
        while (next.isPresent() && items.size() < most) {
            JsonNode page = get(next.get());
            page.path("items").forEach(items::add);
            next = Optional.of(page.path("next").asText()).filter(address -> !address.isEmpty());
        }
        return items.subList(0, Math.min(most, items.size()));
    }

    /**
     * Asks for something to be done.
     *
     * @param fields of the body; those without a value are left out
     */
    public JsonNode post(String path, Map<String, Optional<String>> fields)
            throws GatewayException, InterruptedException {
        ObjectNode body = JSON.createObjectNode();
        fields.forEach((name, value) -> value.ifPresent(text -> body.put(name, text)));
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    /**
     * Writes what is at a path to a file.
     *
     * @param file that must not be there yet; where it cannot be written whole, it is not there after all
     * @throws java.nio.file.FileAlreadyExistsException if it is
     */
    public void download(String path, Path file) throws GatewayException, InterruptedException, IOException {
        HttpResponse<InputStream> response =
                open(request(path).setHeader("Accept", "*/*").GET(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            if (response.statusCode() >= 400) {
                throw refusal(response.statusCode(), JSON.readTree(in));
            }
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
                copy(in, out, file);
            }
        }
    }

    private static void copy(InputStream in, OutputStream out, Path file) throws IOException {
        try {
            in.transferTo(out);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw new IOException("What was asked for did not come whole: " + e.getMessage(), e);
        }
    }

    /** Sends a file. */
    public JsonNode post(String path, Path file, String contentType, Map<String, String> headers)
            throws GatewayException, InterruptedException {
        return send("POST", path, file, contentType, headers);
    }

    /** Puts a file in the place of what is there. */
    public JsonNode put(String path, Path file, String contentType) throws GatewayException, InterruptedException {
        return send("PUT", path, file, contentType, Map.of());
    }

    private JsonNode send(String method, String path, Path file, String contentType, Map<String, String> headers)
            throws GatewayException, InterruptedException {
        try {
            HttpRequest.Builder request = request(path)
                    .header("Content-Type", contentType)
                    .method(method, HttpRequest.BodyPublishers.ofFile(file));
            headers.forEach(request::header);
            return send(request);
        } catch (IOException e) {
            throw new GatewayException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path))
                .timeout(PATIENCE)
                .header("Accept", "application/json, application/problem+json");
        key.ifPresent(own -> request.header("Authorization", "Bearer " + own));
        return request;
    }

    private JsonNode send(HttpRequest.Builder request) throws GatewayException, InterruptedException {
        HttpResponse<String> response = open(request, HttpResponse.BodyHandlers.ofString());
        JsonNode body = parsed(response);
        if (response.statusCode() >= 400) {
            throw refusal(response.statusCode(), body);
        }
        return body;
    }

    private <T> HttpResponse<T> open(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws GatewayException, InterruptedException {
        try {
            return http.send(request.build(), handler);
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new GatewayException(
                    "The gateway at " + server + " does not answer: " + why + ". Is --server right, and does it run?",
                    e);
        }
    }

    private JsonNode parsed(HttpResponse<String> response) throws GatewayException {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new GatewayException(
                    "What answers at " + response.uri() + " is no gateway of Tutelage: status " + response.statusCode()
                            + ", and no JSON",
                    e);
        }
    }

    private static GatewayException refusal(int status, JsonNode problem) {
        if (status == CONFLICT && problem.hasNonNull("detail")) {
            // As the commands say it that ask no gateway.
            return new GatewayException(problem.path("detail").asText(), status);
        }
        StringBuilder message = new StringBuilder(problem.path("title").asText("Refused"))
                .append(" (")
                .append(status)
                .append(")");
        if (problem.hasNonNull("detail")) {
            message.append(": ").append(problem.path("detail").asText());
        }
        problem.path("problems").forEach(each -> message.append("\n  ")
                .append(each.path("detail").asText()));
        return new GatewayException(message.toString(), status);
    }
}
