package dev.tutelage.gateway;

import static org.awaitility.Awaitility.await;

import dev.tutelage.control.access.AccessKey;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The gateway that is packaged, as a process. It knows one key, an admin's, which REST Assured sends by itself from the first
 * start on; other clients begin with {@link #request}.
 */
public final class GatewayProcess implements AutoCloseable {
    /** The header that carries the key. */
    public static final String AUTHORIZATION = "Authorization";

    /** Name of the key. */
    public static final String NAME = "tests";

    private static final AccessKey KEY = AccessKey.random();
    /** What the header says. */
    public static final String BEARER = "Bearer " + KEY.text();
    /** Both, as browsers are told them. */
    public static final Map<String, String> HEADERS = Map.of(AUTHORIZATION, BEARER);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> command;
    private final int port;
    private Process process;

    private GatewayProcess(List<String> command, int port) {
        this.command = command;
        this.port = port;
    }

    /** Starts it, and returns when it is ready. */
    public static GatewayProcess start(LocalKafka kafka, LocalS3 s3, Map<String, String> settings) throws IOException {
        RestAssured.requestSpecification =
                new RequestSpecBuilder().addHeader(AUTHORIZATION, BEARER).build();
        int port = freePort();
        GatewayProcess gateway = new GatewayProcess(command(kafka, s3, settings, port), port);
        gateway.restart();
        return gateway;
    }

    /** What a gateway says that does not start with these settings. */
    public static String refusal(LocalKafka kafka, LocalS3 s3, Map<String, String> settings)
            throws IOException, InterruptedException {
        Path said = Files.createTempFile("gateway", ".log");
        Process process = new ProcessBuilder(command(kafka, s3, settings, freePort()))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() == 0) {
                throw new IllegalStateException("The gateway has started, or ended well: " + Files.readString(said));
            }
            return Files.readString(said);
        } finally {
            process.destroyForcibly();
            Files.delete(said);
        }
    }

    private static List<String> command(LocalKafka kafka, LocalS3 s3, Map<String, String> settings, int port)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dkafka.bootstrap.servers=" + kafka.client().get("bootstrap.servers"),
                "-Dtutelage.s3.endpoint=http://127.0.0.1:" + s3.port(),
                "-Dtutelage.s3.access-key=" + LocalS3.ACCESS_KEY,
                "-Dtutelage.s3.secret-key=" + LocalS3.SECRET_KEY,
                "-Dtutelage.security.keys-file=" + keysFile()));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", System.getProperty("tutelage.gateway.jar")));
        return command;
    }

    private static Path keysFile() throws IOException {
        Path file = Files.createTempFile("gateway", ".keys");
        file.toFile().deleteOnExit();
        Files.writeString(file, NAME + " admin " + KEY.digest() + "\n");
        return file;
    }

    /** Starts it again at the same port, after it was killed. */
    public void restart() throws IOException {
        process = new ProcessBuilder(command).inheritIO().start();
        await("the gateway").atMost(PATIENCE).until(this::isReady);
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    public URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Where people log in, with the key, as {@code tutelage up} prints it. */
    public URI login() {
        return at("/login#" + KEY.text());
    }

    /** A request by an admin. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(at(path)).header(AUTHORIZATION, BEARER);
    }

    public long pid() {
        return process.pid();
    }

    private boolean isReady() throws InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("The gateway has ended with " + process.exitValue());
        }
        try {
            return http.send(
                                    HttpRequest.newBuilder(at("/q/health/ready"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
