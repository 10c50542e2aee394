package dev.tutelage.integration.secured;

import static org.awaitility.Awaitility.await;

import dev.tutelage.platform.privilege.Principal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A service as a process that is told by its environment where broker and store are and who it is, as on Kubernetes. */
final class SecuredService {
    private static final Path HOME =
            Path.of(System.getProperty("tutelage.home", "..")).toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final int port;

    private SecuredService(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** Starts it; {@link #awaitReady} is for when it is ready. */
    static SecuredService start(
            Principal service,
            SecuredBroker broker,
            SecuredStore store,
            Authority authority,
            Path directory,
            Map<String, String> more)
            throws IOException {
        int port = Ports.free();
        Path log = directory.resolve(service.text() + ".log");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        HOME.resolve("services/" + service.text() + "/target/quarkus-app/quarkus-run.jar")
                                .toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("GOMP_SPINCOUNT", "1000");
        environment.put("JAVA_TOOL_OPTIONS", "-Dai.djl.offline=true");
        // MinIO's client believes these authorities alone.
        environment.put("SSL_CERT_FILE", authority.certificate().toString());
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put(
                "TUTELAGE_WORK_DIR",
                Files.createDirectories(directory.resolve(service.text())).toString());
        broker.client(service)
                .forEach((name, value) ->
                        environment.put("KAFKA_" + name.replace('.', '_').toUpperCase(Locale.ROOT), value.toString()));
        environment.put("TUTELAGE_S3_ENDPOINT", store.endpoint());
        environment.put("TUTELAGE_S3_ACCESS_KEY", service.text());
        environment.put("TUTELAGE_S3_SECRET_KEY", SecuredStore.secret(service.text()));
        environment.putAll(more);
        return new SecuredService(builder.start(), log, port);
    }

    void awaitReady() {
        await().atMost(PATIENCE).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("It has ended with " + process.exitValue() + ":\n" + said());
            }
            return isReady();
        });
    }

    private boolean isReady() throws InterruptedException {
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

    URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String said() throws IOException {
        return Files.readString(log);
    }

    /** Tells it to end in good order, so that it leaves its group. */
    void stop() {
        process.destroy();
    }

    /** Returns when it has ended, which it is made to if it takes long. */
    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
