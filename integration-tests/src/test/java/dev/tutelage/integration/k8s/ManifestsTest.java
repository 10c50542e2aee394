package dev.tutelage.integration.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tutelage.cli.Tutelage;
import dev.tutelage.integration.container.DeclaredSettings;
import dev.tutelage.platform.privilege.Principal;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What k8s/ says, by the types of Kubernetes and by rules of our own. It takes Kustomize, and no cluster. */
@EnabledIf("canBeMade")
class ManifestsTest {
    private static final Path K8S =
            Path.of(System.getProperty("tutelage.home", "..")).toAbsolutePath().resolve("k8s");

    /** Those of operators that have no types in Java: {@link CustomResourcesTest} has their schemas. */
    private static final Set<String> CUSTOM = Set.of("ScaledJob", "ScaledObject", "ExternalSecret");

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("Namespace", "io.fabric8.kubernetes.api.model.Namespace"),
            Map.entry("ServiceAccount", "io.fabric8.kubernetes.api.model.ServiceAccount"),
            Map.entry("ConfigMap", "io.fabric8.kubernetes.api.model.ConfigMap"),
            Map.entry("Secret", "io.fabric8.kubernetes.api.model.Secret"),
            Map.entry("Service", "io.fabric8.kubernetes.api.model.Service"),
            Map.entry("Deployment", "io.fabric8.kubernetes.api.model.apps.Deployment"),
            Map.entry("StatefulSet", "io.fabric8.kubernetes.api.model.apps.StatefulSet"),
            Map.entry("Job", "io.fabric8.kubernetes.api.model.batch.v1.Job"),
            Map.entry(
                    "HorizontalPodAutoscaler",
                    "io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler"),
            Map.entry("Kafka", "io.strimzi.api.kafka.model.kafka.Kafka"),
            Map.entry("KafkaNodePool", "io.strimzi.api.kafka.model.nodepool.KafkaNodePool"),
            Map.entry("KafkaTopic", "io.strimzi.api.kafka.model.topic.KafkaTopic"),
            Map.entry("KafkaUser", "io.strimzi.api.kafka.model.user.KafkaUser"),
            Map.entry("PodMonitor", "io.fabric8.openshift.api.model.monitoring.v1.PodMonitor"),
            Map.entry("PrometheusRule", "io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule"),
            Map.entry("PodDisruptionBudget", "io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget"),
            Map.entry("PriorityClass", "io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass"),
            Map.entry("NetworkPolicy", "io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy"),
            Map.entry("Ingress", "io.fabric8.kubernetes.api.model.networking.v1.Ingress"));

    private static List<Overlay> overlays;

    static boolean canBeMade() {
        return Overlay.canBeMade();
    }

    @BeforeAll
    static void areBuilt() throws Exception {
        overlays = new ArrayList<>();
        for (String name : List.of("kind", "gpu", "production")) {
            overlays.add(Overlay.of(K8S.resolve("overlays").resolve(name)));
        }
    }

    private static List<Overlay> overlays() {
        return overlays;
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyFieldIsOneThatKubernetesKnows(Overlay overlay) throws Exception {
        for (JsonNode object : overlay.objects()) {
            String kind = object.path("kind").asText();
            if (!CUSTOM.contains(kind)) {
                assertThat(TYPES).as(Overlay.label(object)).containsKey(kind);
                Class<?> type = Class.forName(TYPES.get(kind));
                assertThatCode(() -> Overlay.STRICT.treeToValue(object, type))
                        .as(Overlay.label(object))
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void whatNobodyKnowsIsRefused() throws Exception {
        JsonNode claim =
                new YAMLMapper().readTree("{kind: PersistentVolumeClaim, spec: {acessModes: [ReadWriteOnce]}}");
        assertThatCode(() -> Overlay.STRICT.treeToValue(claim, PersistentVolumeClaim.class))
                .hasMessageContaining("acessModes");
        JsonNode topic = new YAMLMapper().readTree("{kind: KafkaTopic, spec: {partitons: 3}}");
        assertThatCode(() -> Overlay.STRICT.treeToValue(topic, KafkaTopic.class))
                .hasMessageContaining("partitons");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyPodIsRestricted(Overlay overlay) {
        forEachPod(overlay, (label, pod) -> {
            assertThat(pod.getAutomountServiceAccountToken()).as(label).isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).as(label).isTrue();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType())
                    .as(label)
                    .isEqualTo("RuntimeDefault");
            assertThat(pod.getHostNetwork()).as(label).isNull();
            for (Container container : pod.getContainers()) {
                var security = container.getSecurityContext();
                assertThat(security.getAllowPrivilegeEscalation()).as(label).isFalse();
                assertThat(security.getReadOnlyRootFilesystem()).as(label).isTrue();
                assertThat(security.getCapabilities().getDrop()).as(label).containsExactly("ALL");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyContainerHasBoundsAndAVersion(Overlay overlay) {
        forEachPod(overlay, (label, pod) -> {
            for (Container container : pod.getContainers()) {
                assertThat(container.getResources().getLimits()).as(label).containsKey("memory");
                assertThat(container.getResources().getRequests()).as(label).containsKeys("cpu", "memory");
                assertThat(container.getImage()).as(label).matches(".+:.+").doesNotEndWith(":latest");
                if (container.getName().equals("service")) {
                    assertThat(container.getStartupProbe()).as(label).isNotNull();
                    assertThat(container.getReadinessProbe()).as(label).isNotNull();
                    assertThat(container.getLivenessProbe()).as(label).isNotNull();
                    assertThat(pod.getTerminationGracePeriodSeconds())
                            .as(label + ": a snapshot takes up to 25 s")
                            .isGreaterThan(25);
                    assertThat(pod.getPriorityClassName()).as(label).isNotNull();
                }
            }
        });
    }

    /** A variable that no setting reads would be a mistake that nobody sees. */
    @ParameterizedTest
    @MethodSource("overlays")
    void everyVariableOfAServiceIsASetting(Overlay overlay) {
        Set<String> known = new TreeSet<>(DeclaredSettings.variables());
        known.addAll(DeclaredSettings.kafkaVariables());
        known.add("QUARKUS_LOG_CONSOLE_JSON_ENABLED");
        overlay.ofKind("ConfigMap").stream()
                .filter(map -> map.at("/metadata/name").asText().equals("addresses"))
                .forEach(map -> assertThat(known).as(Overlay.label(map)).containsAll(names(map.path("data"))));
        forEachPod(overlay, (label, pod) -> pod.getContainers().stream()
                .filter(container -> container.getName().equals("service"))
                .forEach(container -> assertThat(known)
                        .as(label)
                        .containsAll(
                                container.getEnv().stream().map(EnvVar::getName).toList())));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void whatScalesAsksAServiceThatIsThere(Overlay overlay) {
        List<String> services = overlay.ofKind("Service").stream()
                .map(service -> "http://" + service.at("/metadata/name").asText() + "."
                        + service.at("/metadata/namespace").asText() + ".svc:"
                        + service.at("/spec/ports/0/port").asText() + "/q/metrics")
                .toList();
        List<JsonNode> scaled = Stream.concat(
                        overlay.ofKind("ScaledJob").stream(), overlay.ofKind("ScaledObject").stream())
                .toList();
        assertThat(scaled).hasSize(4);
        assertThat(scaled).allSatisfy(each -> {
            JsonNode metadata = each.at("/spec/triggers/0/metadata");
            assertThat(services).contains(metadata.path("url").asText());
            assertThat(metadata.path("valueLocation").asText()).isEqualTo("tutelage_runs_open");
            assertThat(each.at("/spec/minReplicaCount").asInt(-1)).isZero();
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void trainingsTakeOneRunAndEnd(Overlay overlay) {
        assertThat(overlay.ofKind("ScaledJob")).hasSize(3).allSatisfy(job -> {
            PodSpec pod = Overlay.typed(Overlay.template(job).orElseThrow()).getSpec();
            assertThat(pod.getRestartPolicy()).isEqualTo("Never");
            assertThat(pod.getContainers().get(0).getEnv())
                    .contains(new EnvVar("TUTELAGE_WORKER_EXIT_AFTER", "1", null));
        });
    }

    /** No pod speaks to anybody of whom no policy speaks. */
    @ParameterizedTest
    @MethodSource("overlays")
    void everythingIsDeniedThatIsNotAllowed(Overlay overlay) {
        assertThat(overlay.ofKind("NetworkPolicy"))
                .filteredOn(policy -> policy.at("/spec/podSelector").isEmpty()
                        && policy.at("/spec/policyTypes").toString().equals("[\"Ingress\",\"Egress\"]")
                        && !policy.path("spec").has("ingress")
                        && !policy.path("spec").has("egress"))
                .hasSize(1);
        assertThat(overlay.ofKind("Namespace")).allSatisfy(namespace -> assertThat(namespace
                        .path("metadata")
                        .path("labels")
                        .path("pod-security.kubernetes.io/enforce")
                        .asText())
                .isEqualTo("restricted"));
    }

    /** One selector for all pods of services, and the port that they have. */
    @Test
    void everyPodOfAServiceIsWatched() {
        Overlay production = named("production");
        JsonNode monitor = production.ofKind("PodMonitor").get(0);
        assertThat(monitor.at("/spec/podMetricsEndpoints/0/port").asText()).isEqualTo("http");
        JsonNode expression = monitor.at("/spec/selector/matchExpressions/0");
        List<String> components = new ArrayList<>();
        expression.path("values").forEach(value -> components.add(value.asText()));
        forEachPod(production, (label, pod) -> pod.getContainers().stream()
                .filter(container -> container.getName().equals("service"))
                .forEach(container -> assertThat(container.getPorts())
                        .as(label)
                        .anySatisfy(port -> assertThat(port.getName()).isEqualTo("http"))));
        assertThat(production.objects().stream()
                        .flatMap(object -> Overlay.template(object).stream())
                        .filter(template ->
                                template.at("/spec/containers/0/name").asText().equals("service"))
                        .map(template -> template.at("/metadata/labels")
                                .path(expression.path("key").asText())
                                .asText()))
                .hasSizeGreaterThanOrEqualTo(9)
                .isSubsetOf(components);
    }

    private static Overlay named(String name) {
        return overlays.stream()
                .filter(overlay -> overlay.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void workersOfTheGpuOverlayHaveOneEach() {
        Overlay gpu = named("gpu");
        List<PodSpec> workers = gpu.objects().stream()
                .flatMap(object -> Overlay.template(object).stream())
                .map(template -> Overlay.typed(template))
                .filter(template ->
                        "worker".equals(template.getMetadata().getLabels().get("app.kubernetes.io/component")))
                .map(template -> template.getSpec())
                .toList();
        assertThat(workers).hasSize(4).allSatisfy(pod -> {
            assertThat(pod.getContainers().get(0).getResources().getLimits()).containsKey("nvidia.com/gpu");
            assertThat(pod.getContainers().get(0).getImage()).contains("-worker-cuda:");
            assertThat(pod.getTolerations()).isNotEmpty();
            assertThat(pod.getAffinity().getNodeAffinity()).isNotNull();
        });
    }

    /** In no overlay, because it takes an operator and a queue that few have. */
    @Test
    void trainingsWaitAtKueueWhereOneWantsIt(@TempDir Path directory) throws Exception {
        assertThat(kindWith("kueue", directory).ofKind("ScaledJob")).hasSize(3).allSatisfy(job -> assertThat(
                        job.path("metadata")
                                .path("labels")
                                .path("kueue.x-k8s.io/queue-name")
                                .asText())
                .isEqualTo("tutelage"));
    }

    private static Overlay kindWith(String component, Path directory) throws Exception {
        Path from = directory.toRealPath();
        Files.writeString(
                directory.resolve("kustomization.yaml"),
                "namespace: tutelage\nresources: ["
                        + from.relativize(K8S.toRealPath().resolve("overlays/kind")) + "]\ncomponents: ["
                        + from.relativize(K8S.toRealPath().resolve("components/" + component)) + "]\n");
        return Overlay.of(from);
    }

    /** In no overlay, because it takes a collector. */
    @Test
    void servicesSendTracesWhereOneWantsThem(@TempDir Path directory) throws Exception {
        Overlay plain = Overlay.of(K8S.resolve("overlays/kind"));
        assertThat(addresses(plain).has("QUARKUS_OTEL_SDK_DISABLED")).isFalse();
        Overlay traced = kindWith("tracing", directory);
        assertThat(addresses(traced).path("QUARKUS_OTEL_SDK_DISABLED").asText()).isEqualTo("false");
        URI collector = URI.create(
                addresses(traced).path("QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT").asText());
        assertThat(addresses(traced).path("KAFKA_BOOTSTRAP_SERVERS"))
                .as("what was there stays")
                .isEqualTo(addresses(plain).path("KAFKA_BOOTSTRAP_SERVERS"));
        assertThat(traced.ofKind("NetworkPolicy"))
                .as("there is a way to the collector")
                .anySatisfy(policy -> {
                    assertThat(policy.at("/metadata/name").asText()).isEqualTo("tracing");
                    assertThat(policy.at("/metadata/namespace").asText()).isEqualTo("tutelage");
                    assertThat(policy.at("/spec/egress/0/ports/0/port").asInt()).isEqualTo(collector.getPort());
                    assertThat(collector.getHost())
                            .endsWith("."
                                    + policy.at(
                                                    "/spec/egress/0/to/0/namespaceSelector/matchLabels/kubernetes.io~1metadata.name")
                                            .asText());
                });
    }

    private static JsonNode addresses(Overlay overlay) {
        return overlay.ofKind("ConfigMap").stream()
                .filter(map -> map.at("/metadata/name").asText().equals("addresses"))
                .findFirst()
                .orElseThrow()
                .path("data");
    }

    /** The file is what `tutelage topics strimzi` prints. */
    @Test
    void topicsAreThoseOfTheCode() throws Exception {
        assertIsPrinted("components/kafka/topics.yaml", "topics", "strimzi");
        assertThat(overlays).allSatisfy(overlay -> assertThat(overlay.ofKind("KafkaTopic"))
                .extracting(topic -> topic.at("/metadata/name").asText())
                .contains("tutelage.tasks", "tutelage.bucket-events"));
    }

    /** The file is what `tutelage topics users` prints: what the code says that each service touches. */
    @Test
    void usersAreThoseOfTheCode() throws Exception {
        assertIsPrinted("components/kafka/users.yaml", "topics", "users");
        assertThat(overlays).allSatisfy(overlay -> assertThat(overlay.ofKind("KafkaUser"))
                .extracting(user -> user.at("/metadata/name").asText())
                .containsAll(Principal.services().stream().map(Principal::text).toList()));
    }

    /** No listener without TLS and a password, nothing allowed by default, and no ACL for more than one topic. */
    @ParameterizedTest
    @MethodSource("overlays")
    void nobodySpeaksToKafkaUnnamed(Overlay overlay) {
        JsonNode kafka = overlay.ofKind("Kafka").get(0).at("/spec/kafka");
        assertThat(kafka.path("listeners")).isNotEmpty().allSatisfy(listener -> {
            assertThat(listener.path("tls").asBoolean()).isTrue();
            assertThat(listener.at("/authentication/type").asText()).isEqualTo("scram-sha-512");
        });
        assertThat(kafka.at("/authorization/type").asText()).isEqualTo("simple");
        assertThat(kafka.at("/authorization/superUsers")).isEmpty();
        for (JsonNode user : overlay.ofKind("KafkaUser")) {
            assertThat(user.at("/spec/authorization/acls")).isNotEmpty().allSatisfy(rule -> {
                assertThat(rule.path("operations")).isNotEmpty().noneMatch(each -> each.asText()
                        .equals("All"));
                assertThat(rule.at("/resource/name").asText()).isNotBlank().doesNotContain("*");
                if (rule.at("/resource/type").asText().equals("topic")) {
                    assertThat(rule.at("/resource/patternType").asText()).isEqualTo("literal");
                }
            });
        }
    }

    /** Each pod says who it is by the Secrets of its own service, for Kafka and for the store. */
    @ParameterizedTest
    @MethodSource("overlays")
    void everyServiceHasItsOwnPasswords(Overlay overlay) {
        for (JsonNode object : overlay.objects()) {
            Overlay.template(object)
                    .map(Overlay::typed)
                    .filter(template ->
                            template.getSpec().getContainers().get(0).getName().equals("service"))
                    .ifPresent(template -> {
                        String service = template.getMetadata().getLabels().get("app.kubernetes.io/name");
                        assertThat(template.getSpec().getContainers().get(0).getEnv().stream()
                                        .filter(variable -> variable.getValueFrom() != null)
                                        .filter(variable -> !variable.getName().startsWith("TUTELAGE_SECURITY"))
                                        .map(variable -> variable.getName() + " "
                                                + variable.getValueFrom()
                                                        .getSecretKeyRef()
                                                        .getName()))
                                .as(Overlay.label(object))
                                .containsExactlyInAnyOrder(
                                        "KAFKA_SASL_JAAS_CONFIG user-" + service,
                                        "TUTELAGE_S3_ACCESS_KEY store-" + service,
                                        "TUTELAGE_S3_SECRET_KEY store-" + service);
                    });
        }
    }

    private static void assertIsPrinted(String name, String... command) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(Tutelage.commandLine().execute(command)).isZero();
        } finally {
            System.setOut(before);
        }
        Path file = K8S.resolve(name);
        if (Boolean.getBoolean("tutelage.write-docs")) {
            Files.write(file, printed.toByteArray());
        }
        assertThat(Files.readString(file)).isEqualTo(printed.toString(StandardCharsets.UTF_8));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private interface PodCheck {
        void check(String label, PodSpec pod);
    }

    private static void forEachPod(Overlay overlay, PodCheck check) {
        List<JsonNode> made = overlay.objects().stream()
                .filter(object -> Overlay.template(object).isPresent())
                .filter(object -> !CUSTOM.contains(object.path("kind").asText())
                        || object.path("kind").asText().equals("ScaledJob"))
                .toList();
        assertThat(made).hasSizeGreaterThanOrEqualTo(9);
        made.forEach(object -> check.check(
                overlay.name() + ": " + Overlay.label(object),
                Overlay.typed(Overlay.template(object).orElseThrow()).getSpec()));
    }
}
