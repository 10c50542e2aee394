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

    ServiceProcess(MachineOptions options, StateDirectory state) {
        this.options = options;
        this.state = state;
    }

    /** @param settings where broker and store are */
    ProcessSpec spec(ServiceInstance instance, int port, Map<String, String> settings) throws MachineException {
        String service = instance.service();
        Path home = options.home().toAbsolutePath();
        Path jar = home.resolve("services").resolve(service).resolve("target/quarkus-app/quarkus-run.jar");
        if (Files.notExists(jar)) {
            throw new MachineException("Service " + service + " is not built: there is no " + jar
                    + ". Run ./tutelage, which builds what is missing, or mvn package");
        }
        return new ProcessSpec(
                instance.name(),
                port,
                command(jar, port, directory(instance), settings),
                environmentOf(instance.name()),
                state.log(instance.name()),
                () -> isReady(port),
                Duration.ofSeconds(90),
                GRACE);
    }

    /** Two processes that work on one run, one of which has lost it, must not meet in one directory. */
    private Path directory(ServiceInstance instance) {
        return state.path().resolve(instance.number() == 1 ? "work" : "work-" + instance.number());
    }

    private Map<String, String> environmentOf(String process) {
        Map<String, String> environment = environment(options.allocator());
        environment.putAll(options.environment(process));
        return environment;
    }

    private static List<String> command(Path jar, int port, Path directory, Map<String, String> settings) {
        return new JavaCommand(HEAP)
                .properties(Map.of(
                        "ai.djl.offline", "true",
                        "quarkus.http.host", "127.0.0.1",
                        "quarkus.http.port", Integer.toString(port),
                        "tutelage.supervised", "true",
                        "tutelage.work-dir", directory.toString()))
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
