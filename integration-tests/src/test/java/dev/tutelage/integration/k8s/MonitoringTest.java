package dev.tutelage.integration.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tutelage.platform.fixture.Programs;
import dev.tutelage.platform.metric.Metric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The alerts and dashboards of k8s/components/monitoring, which docker-compose.yml has too. */
class MonitoringTest {
    private static final Path PROJECT =
            Path.of(System.getProperty("tutelage.home", "..")).toAbsolutePath().normalize();
    private static final Path MONITORING = PROJECT.resolve("k8s/components/monitoring");
    private static final Path ALERTS = MONITORING.resolve("alerts.yaml");

    static boolean canBeTried() {
        return Programs.isThere("promtool");
    }

    @Test
    @EnabledIf("canBeTried")
    void alertsAreRaisedWhenTheyShouldBeAndNotOtherwise() throws Exception {
        assertThat(promtool("check", "rules", ALERTS.toString())).contains("SUCCESS");
        assertThat(promtool(
                        "test", "rules", MONITORING.resolve("alerts_test.yaml").toString()))
                .contains("SUCCESS");
    }

    private static String promtool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process promtool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void everyAlertIsTriedAndHasALineThatSaysWhatToDo() throws Exception {
        String tests = Files.readString(MONITORING.resolve("alerts_test.yaml"));
        String page = Files.readString(PROJECT.resolve("docs/observability.md"));
        assertThat(rules()).isNotEmpty().allSatisfy(rule -> {
            String name = rule.path("alert").asText();
            assertThat(tests).contains("alertname: " + name + "\n");
            assertThat(page).contains("| `" + name + "` |");
        });
    }

    /** Kustomize cannot put a file into a field of a resource. */
    @Test
    void theClustersRuleIsMadeFromTheAlerts() throws Exception {
        Path file = MONITORING.resolve("rule.yaml");
        String made = Files.readAllLines(ALERTS).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> "  " + line + "\n")
                .collect(Collectors.joining("", """
                        # Made from alerts.yaml by MonitoringTest.
                        apiVersion: monitoring.coreos.com/v1
                        kind: PrometheusRule
                        metadata: {name: tutelage}
                        spec:
                        """, ""));
        if (Boolean.getBoolean("tutelage.write-docs")) {
            Files.writeString(file, made);
        }
        assertThat(Files.readString(file)).isEqualTo(made);
    }

    @Test
    void alertsAndDashboardsAskForWhatIsServed() throws Exception {
        Set<String> served = Arrays.stream(Metric.values())
                .flatMap(metric -> metric.series().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        served.addAll(ofOthers());
        List<String> asked = new ArrayList<>();
        rules().forEach(rule -> asked.add(rule.path("expr").asText()));
        List<Path> dashboards = dashboards();
        assertThat(dashboards).hasSize(4);
        for (Path dashboard : dashboards) {
            new ObjectMapper()
                    .readTree(dashboard.toFile())
                    .findValues("expr")
                    .forEach(each -> asked.add(each.asText()));
        }
        assertThat(asked).hasSizeGreaterThan(30).allSatisfy(text -> assertThat(new Expression(text).series())
                .as(text)
                .isNotEmpty()
                .isSubsetOf(served));
    }

    @Test
    void namesInAnExpressionAreTold() {
        assertThat(new Expression("sum by (a) (rate(b_total{c=\"d\"}[5m])) / max(e) > 3 and absent(f offset 1h)")
                        .series())
                .containsExactly("b_total", "e", "f");
    }

    /** Both ways to run the system have all of the same files. */
    @Test
    void composeAndTheClusterHaveTheSameFiles() throws Exception {
        JsonNode compose =
                new YAMLMapper().readTree(PROJECT.resolve("docker-compose.yml").toFile());
        Set<String> files = compose.path("configs").findValuesAsText("file").stream()
                .map(file -> PROJECT.resolve(file).normalize().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> expected = dashboards().stream().map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
        assertThat(files).containsAll(expected).contains(ALERTS.toString());
        List<String> generated = new ArrayList<>();
        new YAMLMapper()
                .readTree(MONITORING.resolve("kustomization.yaml").toFile())
                .at("/configMapGenerator/0/files")
                .forEach(file -> generated.add(MONITORING.resolve(file.asText()).toString()));
        assertThat(generated).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        new YAMLMapper().readTree(ALERTS.toFile()).at("/groups/0/rules").forEach(rules::add);
        return rules;
    }

    private static List<Path> dashboards() throws IOException {
        try (Stream<Path> files = Files.list(MONITORING.resolve("dashboards"))) {
            return files.sorted().toList();
        }
    }

    /** Of the page: what libraries count by themselves. */
    private static List<String> ofOthers() throws IOException {
        return Pattern.compile("(?m)^\\| `([a-z]+_[a-z_]+)` \\|")
                .matcher(Files.readString(PROJECT.resolve("docs/observability.md")))
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
