package dev.tutelage.integration.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tutelage.integration.SampleUploads;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.Retry;
import dev.tutelage.platform.artifact.StoreAddress;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * docker-compose.yml, without Docker: each service in a network namespace with its own address, in the root file system that its
 * Containerfile describes, with the entry point, the environment and the user that both say. Broker and store are the nearest
 * thing at hand ({@link StandIn}); Prometheus and Grafana are not started. It takes a Linux and its root.
 */
@Tag("slow")
@EnabledIf("isRootOfLinux")
class ComposeIT {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> NOT_HERE = List.of("prometheus", "grafana");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOP = Duration.ofMinutes(5);
    private static final String TASK = "tiny";

    @TempDir
    private static Path directory;

    private static final Map<String, Container> CONTAINERS = new LinkedHashMap<>();
    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static ContainerNetwork network;

    static boolean isRootOfLinux() {
        return System.getProperty("os.name").equals("Linux") && "root".equals(System.getProperty("user.name"));
    }

    @BeforeAll
    static void isUp() throws Exception {
        assertThat(new ProcessBuilder(PROJECT.resolve("services/layers.sh").toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        Compose compose = Compose.read(PROJECT.resolve("docker-compose.yml"));
        List<Compose.Service> services = compose.inOrder("cpu").stream()
                .filter(service -> !NOT_HERE.contains(service.name()))
                .toList();
        network = new ContainerNetwork(
                directory, services.stream().map(Compose.Service::name).toList());
        OPEN.push(network);
        for (Compose.Service service : services) {
            start(service);
        }
        for (Compose.Service service : services) {
            awaitHealthy(service);
        }
    }

    private static void start(Compose.Service service) throws Exception {
        switch (service.name()) {
            case "kafka" -> awaitListening(StandIn.kafka(service, directory, network), "kafka", 9092);
            case "minio" -> awaitListening(StandIn.store(service, directory, network), "minio", 9000);
            case "buckets" -> makeBucket(service);
            default -> {
                Container container = Container.start(service, PROJECT, directory, network);
                OPEN.push(container);
                CONTAINERS.put(service.name(), container);
                if (service.healthCheck().isEmpty()) {
                    assertThat(container.end()).as(container::printed).isZero();
                }
            }
        }
    }

    private static void awaitListening(StandIn server, String host, int port) {
        OPEN.push(server);
        await().atMost(PATIENCE).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            assertThat(server.isAlive()).as(server::printed).isTrue();
            try (Socket socket = new Socket(network.address(host), port)) {
                return socket.isConnected();
            }
        });
    }

    /** There is no `mc` here: of what the service does, this is the bucket. */
    private static void makeBucket(Compose.Service service) throws ArtifactStoreException {
        URI store = URI.create(service.environment().get("MC_HOST_store"));
        String[] user = store.getUserInfo().split(":", -1);
        URI endpoint = URI.create("http://" + network.address(store.getHost()) + ":" + store.getPort());
        StoreAddress address = new StoreAddress(endpoint, "tutelage", "us-east-1", user[0], user[1]);
        new ArtifactStore(address, new Retry(1, Duration.ZERO, Duration.ZERO)).ensureBucket();
    }

    private static void awaitHealthy(Compose.Service service) {
        Container container = CONTAINERS.get(service.name());
        if (container != null && !service.healthCheck().isEmpty()) {
            await().atMost(PATIENCE).until(() -> {
                assertThat(container.isAlive()).as(container::printed).isTrue();
                return network.runOn(service.name(), service.healthCheck()) == 0;
            });
        }
    }

    @AfterAll
    static void isDown() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    @Test
    void theWholeLoopRunsFromTheImages() throws Exception {
        String key = CONTAINERS.get("keys").printed().strip();
        assertThat(key).startsWith("ttl_");
        assertThat(ask("/api/tasks", "no-such-key").statusCode()).isEqualTo(401);

        byte[] task = Files.readAllBytes(Path.of("src/test/resources/tiny-task.yaml"));
        assertThat(send("/api/tasks", "application/yaml", task, key)).isEqualTo(201);
        String images = "/api/tasks/" + TASK + "/images?labeled=";
        assertThat(send(images + "true&split=held_out", "application/zip", SampleUploads.heldOut(), key))
                .isEqualTo(200);
        assertThat(send(images + "true", "application/zip", SampleUploads.labeled(), key))
                .isEqualTo(200);
        assertThat(send(images + "false", "application/zip", SampleUploads.unlabeled(), key))
                .isEqualTo(200);

        await().atMost(LOOP).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            CONTAINERS.forEach((name, container) -> assertThat(container.printed())
                    .as(name)
                    .doesNotContain("UnsatisfiedLinkError", "Read-only file system", "Permission denied"));
            JsonNode promotions = new JsonMapper()
                    .readTree(ask("/api/tasks/" + TASK + "/promotions", key).body());
            assertThat(promotions.path("items").findValuesAsText("role"))
                    .as(promotions::toString)
                    .contains("student");
        });
        await("autoscalers see that there is nothing left to do")
                .atMost(PATIENCE)
                .untilAsserted(() -> {
                    for (String service : List.of("pretrainer", "fine-tuner", "labeler", "student-trainer")) {
                        assertThat(metrics(service)).as(service).contains("\ntutelage_runs_open 0.0\n");
                    }
                });
    }

    /** What KEDA gets, which does not say what it reads. */
    private static String metrics(String service) throws Exception {
        URI metrics = URI.create("http://" + network.address(service) + ":8080/q/metrics");
        HttpResponse<String> answer =
                HTTP.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        return answer.body();
    }

    private static HttpResponse<String> ask(String path, String key) throws Exception {
        return HTTP.send(request(path, key).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int send(String path, String type, byte[] body, String key) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                request(path, key)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        System.out.println(path + ": " + answer.statusCode() + " "
                + answer.body().substring(0, Math.min(200, answer.body().length())));
        return answer.statusCode();
    }

    private static HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(URI.create("http://" + network.address("gateway") + ":8080" + path))
                .header("Authorization", "Bearer " + key);
    }
}
