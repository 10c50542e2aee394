package dev.tutelage.integration.secured;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tutelage.control.access.AccessKey;
import dev.tutelage.integration.SampleUploads;
import dev.tutelage.platform.log.Topics;
import dev.tutelage.platform.privilege.KafkaPrivileges;
import dev.tutelage.platform.privilege.Principal;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole loop where everybody is known and may do only what is their own: a broker with TLS, passwords and the ACLs of the
 * code, a store with TLS and the policies of the code, and services that are told so by their environment alone. {@link
 * AttemptsIT} shows what is refused.
 */
@Tag("slow")
class LeastPrivilegeIT {
    private static final Path PROJECT =
            Path.of(System.getProperty("tutelage.home", "..")).toAbsolutePath().normalize();
    private static final Duration LOOP = Duration.ofMinutes(4);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String TASK = "upgrade";
    private static final AccessKey KEY = AccessKey.random();

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Principal, SecuredService> services = new EnumMap<>(Principal.class);
    private Authority authority;
    private SecuredBroker broker;
    private SecuredStore store;
    private int httpsPort;
    private Path shown;

    @BeforeEach
    void everythingIsStarted() throws Exception {
        SecuredStore.require();
        authority = Authority.in(directory);
        Authority.Server first = authority.certify(SecuredBroker.commonName(), "first");
        broker = SecuredBroker.start(directory.resolve("kafka"), authority, first);
        store = SecuredStore.start(Files.createDirectories(directory.resolve("s3")), authority, first);
        for (Principal service : Principal.services()) {
            services.put(
                    service,
                    SecuredService.start(
                            service,
                            broker,
                            store,
                            authority,
                            directory,
                            service == Principal.GATEWAY ? ofGateway(first) : Map.of()));
        }
        services.values().forEach(SecuredService::awaitReady);
    }

    /** The files that it shows are replaced when there are other ones, as the mount of a Secret is. */
    private Map<String, String> ofGateway(Authority.Server certificate) throws IOException {
        httpsPort = Ports.free();
        shown = Files.createDirectories(directory.resolve("shown"));
        show(certificate);
        Path keys = Files.writeString(directory.resolve("keys"), "tests admin " + KEY.digest() + "\n");
        return Map.of(
                "TUTELAGE_SECURITY_KEYS_FILE",
                keys.toString(),
                "QUARKUS_HTTP_SSL_PORT",
                Integer.toString(httpsPort),
                // Quarkus does not read the numbers of certificates from variables.
                "JAVA_TOOL_OPTIONS",
                "-Dai.djl.offline=true -Dquarkus.tls.reload-period=1s -Dquarkus.tls.key-store.pem.0.cert="
                        + shown.resolve("tls.crt") + " -Dquarkus.tls.key-store.pem.0.key="
                        + shown.resolve("tls.key"));
    }

    private void show(Authority.Server certificate) throws IOException {
        Files.copy(certificate.key(), shown.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(certificate.certificate(), shown.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
    }

    @AfterEach
    void everythingIsStopped() throws Exception {
        services.values().forEach(SecuredService::stop);
        for (SecuredService service : services.values()) {
            service.awaitEnd();
        }
        if (store != null) {
            store.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void theWholeLoopPassesWithNoMoreThanEachNeedsWhileCertificatesChange() throws Exception {
        Authority.Server second = authority.certify(SecuredBroker.commonName(), "second");
        bringImages();
        await("pretraining")
                .atMost(LOOP)
                .until(() ->
                        ask("/api/tasks/" + TASK + "/checkpoints").path("items").size() > 0);

        broker.show(second);
        show(second);
        await("the broker shows another certificate").atMost(SOON).untilAsserted(() -> assertThat(
                        authority.shownAt(broker.port()))
                .isEqualTo(Authority.of(second)));
        await("the gateway shows another certificate")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(authority.shownAt(httpsPort)).isEqualTo(Authority.of(second)));

        await("a student").atMost(LOOP).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            assertThat(broker.refused()).isEmpty();
            JsonNode promotions = ask("/api/tasks/" + TASK + "/promotions").path("items");
            assertThat(promotions.findValuesAsText("role")).contains("student");
        });
        doByHand();
        readWhatIsNoRequest();
        assertThat(broker.refused()).as("nothing was refused").isEmpty();
        services.forEach((name, service) -> assertThat(service.isAlive())
                .as(name.text() + " is still the process that was started")
                .isTrue());
        for (SecuredService service : services.values()) {
            assertThat(service.said()).doesNotContain("AuthorizationException", "AccessDenied", "SSLHandshake");
        }
    }

    /** What people do takes turns of the services that it is about. */
    private void doByHand() throws Exception {
        String task = "/api/tasks/" + TASK;
        byte[] nothing = {};
        send(task + "/pause", "application/json", nothing);
        send(task + "/resume", "application/json", nothing);
        for (JsonNode promotion : ask(task + "/promotions").path("items")) {
            String again = new JsonMapper()
                    .writeValueAsString(Map.of(
                            "role",
                            promotion.path("role").asText(),
                            "checkpoint",
                            promotion.path("checkpoint").asText()));
            assertThat(post(task + "/promotions", "application/json", again.getBytes(UTF_8))
                            .body())
                    .as("it holds the role")
                    .doesNotContain("Not now");
        }
    }

    /** Each reader of requests and of notifications makes it a dead letter, which the gateway puts in its place again, as asked. */
    private void readWhatIsNoRequest() throws Exception {
        List<String> topics = KafkaPrivileges.allTopics().stream()
                .filter(topic -> topic.endsWith("-requests") || topic.equals(Topics.BUCKET_EVENTS))
                .toList();
        for (String topic : topics) {
            broker.send(topic.equals(Topics.BUCKET_EVENTS) ? Principal.BUCKETS : Principal.GATEWAY, topic);
        }
        await("dead letters").atMost(SOON).until(() -> openLetters().size() == topics.size());
        List<String> letters = openLetters();
        for (String letter : letters) {
            assertThat(post("/api/dead-letters/" + letter + "/replay", "application/json", new byte[0])
                            .statusCode())
                    .isEqualTo(202);
        }
        await("the same again")
                .atMost(SOON)
                .until(() -> openLetters().stream()
                                .filter(letter -> !letters.contains(letter))
                                .count()
                        == topics.size());
    }

    private List<String> openLetters() throws Exception {
        List<String> offsets = new ArrayList<>();
        ask("/api/dead-letters?open=true")
                .path("items")
                .forEach(letter -> offsets.add(letter.path("offset").asText()));
        return offsets;
    }

    private void bringImages() throws Exception {
        byte[] task = Files.readAllBytes(PROJECT.resolve("integration-tests/src/test/resources/upgrade-task.yaml"));
        send("/api/tasks", "application/yaml", task);
        String images = "/api/tasks/" + TASK + "/images?labeled=";
        send(images + "true&split=held_out", "application/zip", SampleUploads.heldOut());
        send(images + "true", "application/zip", SampleUploads.labeled());
        send(images + "false", "application/zip", SampleUploads.unlabeled());
    }

    private JsonNode ask(String path) throws Exception {
        HttpResponse<String> answer = http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
        return new JsonMapper().readTree(answer.body());
    }

    private void send(String path, String type, byte[] body) throws Exception {
        HttpResponse<String> answer = post(path, type, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
    }

    private HttpResponse<String> post(String path, String type, byte[] body) throws Exception {
        return http.send(
                request(path)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(services.get(Principal.GATEWAY).at(path))
                .header("Authorization", "Bearer " + KEY.text());
    }
}
