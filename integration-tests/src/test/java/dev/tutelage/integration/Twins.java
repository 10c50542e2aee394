package dev.tutelage.integration;

import static org.awaitility.Awaitility.await;

import dev.tutelage.cli.machine.Machine;
import dev.tutelage.platform.artifact.StoreAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.core.ConditionTimeoutException;

/** Second processes of services, on the same broker and store as a machine's. */
final class Twins implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Machine machine;
    private final Path directory;
    private final Map<String, String> settings;
    private final List<Process> processes = new ArrayList<>();

    private Twins(Machine machine, Path directory, Map<String, String> settings) {
        this.machine = machine;
        this.directory = directory;
        this.settings = settings;
    }

    /** Starts one of each and returns when all are ready. */
    static Twins start(List<String> services, Machine machine, Path directory) throws IOException {
        return start(services, machine, directory, Map.of());
    }

    /** The same, without their trigger halves. */
    static Twins startWorkers(List<String> services, Machine machine, Path directory) throws IOException {
        return start(services, machine, directory, Map.of("tutelage.roles", "worker"));
    }

    /** Starts one of each with settings of their own. */
    static Twins start(List<String> services, Machine machine, Path directory, Map<String, String> settings)
            throws IOException {
        Twins twins = new Twins(machine, directory, settings);
        try {
            for (String service : services) {
                twins.start(service);
            }
            return twins;
        } catch (IOException | ConditionTimeoutException e) {
            twins.close();
            throw e;
        }
    }

    /** Whether each still runs. */
    boolean areAlive() {
        return processes.stream().allMatch(Process::isAlive);
    }

    private void start(String service) throws IOException {
        int port = freePort();
        StoreAddress store = machine.store();
        Map<String, String> all = new TreeMap<>(Map.of(
                "ai.djl.offline", "true",
                "quarkus.http.host", "127.0.0.1",
                "quarkus.http.port", Integer.toString(port),
                "tutelage.work-dir", directory.toString(),
                "kafka.bootstrap.servers",
                        machine.kafka().get("bootstrap.servers").toString(),
                "tutelage.s3.endpoint", store.endpoint().toString(),
                "tutelage.s3.bucket", store.bucket(),
                "tutelage.s3.access-key", store.accessKey(),
                "tutelage.s3.secret-key", store.secretKey()));
        all.putAll(settings);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
        all.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(Home.directory()
                .resolve("services/" + service + "/target/quarkus-app/quarkus-run.jar")
                .toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(service + ".log").toFile());
        builder.environment().put("GOMP_SPINCOUNT", "1000");
        processes.add(builder.start());
        await().atMost(PATIENCE).until(() -> isReady(port));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isReady(int port) throws InterruptedException {
        try {
            return HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends each a signal, such as {@code STOP}; returns when it is sent. */
    void signal(String name) throws IOException, InterruptedException {
        for (Process process : processes) {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IOException("Signal " + name + " could not be sent to " + process.pid());
            }
        }
    }

    /** Ends all in good order. */
    void leave() throws InterruptedException {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            process.waitFor();
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
