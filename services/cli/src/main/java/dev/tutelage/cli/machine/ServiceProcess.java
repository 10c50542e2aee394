package dev.tutelage.cli.machine;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How the services are started on one machine: the same jars that production runs, told where broker and store are. */
final class ServiceProcess {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    /** Longer than a service takes to write its snapshot and leave. */
    private static final Duration GRACE = Duration.ofSeconds(28);

    /** Largest Java heap of a service. Tensors lie outside of it. */
    static final String HEAP = "1g";

    private final MachineOptions options;
    private final StateDirectory state;
    private final Map<String, String> settings;

    ServiceProcess(MachineOptions options, StateDirectory state, Map<String, String> settings) {
        this.options = options;
        this.state = state;
        this.settings = Map.copyOf(settings);
    }

    ProcessSpec spec(String service, int port) throws MachineException {
        Path home = options.home().toAbsolutePath();
        Path jar = home.resolve("services").resolve(service).resolve("target/quarkus-app/quarkus-run.jar");
        if (Files.notExists(jar)) {
            throw new MachineException("Service " + service + " is not built: there is no " + jar
                    + ". Run ./tutelage, which builds what is missing, or mvn package");
        }
        return new ProcessSpec(
                service,
                port,
                command(jar, port),
                environmentOf(service),
                state.log(service),
                () -> isReady(port),
                Duration.ofSeconds(90),
                GRACE);
    }

    private Map<String, String> environmentOf(String service) {
        Map<String, String> environment = environment(options.allocator());
        environment.putAll(options.environments().getOrDefault(service, Map.of()));
        return environment;
    }

    private List<String> command(Path jar, int port) {
        return new JavaCommand(HEAP)
                .properties(Map.of(
                        "ai.djl.offline", "true",
                        "quarkus.http.host", "127.0.0.1",
                        "quarkus.http.port", Integer.toString(port),
                        "tutelage.supervised", "true",
                        "tutelage.work-dir", state.path().resolve("work").toString()))
                .properties(settings)
                .jar(jar);
    }

    /**
     * Several trainings may share the cores. By default OpenMP's threads wait for each other by spinning, which takes the
     * cores from whom they wait for; after a thousand spins they sleep.
     */
    static Map<String, String> environment(Allocator allocator) {
        Map<String, String> environment = new HashMap<>(allocator.environment());
        environment.put("GOMP_SPINCOUNT", "1000");
        return environment;
    }

    private static boolean isReady(int port) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
