package dev.tutelage.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tutelage.control.access.AccessRole;
import dev.tutelage.gateway.security.Access.CanonicalPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    private static Optional<Access.Row> row(String method, String path) {
        return Access.row(method, CanonicalPath.of(path));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, viewer",
        "GET, /tasks/birds/runs/1/events, viewer",
        "GET, /health, viewer",
        "GET, /api/tasks, viewer",
        "HEAD, /api/tasks/birds/runs, viewer",
        "GET, /q/openapi, viewer",
        "POST, /api/tasks/birds/predict, viewer",
        "POST, /api/tasks/birds/nearest, viewer",
        "POST, /v2/models/birds/versions/3f/infer, viewer",
        "GET, /v2/models/birds, viewer",
        "POST, /api/tasks/birds/label-queue/answers, annotator",
        "POST, /api/tasks/birds/label-studio, annotator",
        "POST, /api/tasks/birds/images, operator",
        "POST, /api/tasks/birds/promotions, operator",
        "POST, /api/tasks/birds/rollbacks, operator",
        "POST, /api/tasks/birds/rejections, operator",
        "POST, /api/tasks/birds/pause, operator",
        "POST, /api/runs/1/cancel, operator",
        "POST, /api/runs/1/retry, operator",
        "POST, /api/dead-letters/7/replay, operator",
        "POST, /api/tasks, admin",
        "PUT, /api/tasks/birds, admin",
        "GET, /api/audit, admin"
    })
    void theTableSaysWhichRoleIsNeeded(String method, String path, String role) {
        assertThat(row(method, path).flatMap(Access.Row::role)).isEqualTo(AccessRole.named(role));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/q/health/ready",
                "/q/health",
                "/v2/health/live",
                "/q/metrics",
                "/login",
                "/console/console.css",
                "/webjars/htmx.org/dist/htmx.min.js"
            })
    void probesScrapersAndWhoeverWantsInNeedNoKey(String path) {
        assertThat(row("GET", path).orElseThrow().role()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /api/tasks/birds",
        "POST, /api/nothing",
        "PATCH, /api/tasks/birds",
        "OPTIONS, /api/tasks",
        "TRACE, /",
        "POST, /tasks/birds",
        "GET, /q/dev-ui",
        "GET, /q",
        "POST, /api/tasks/birds/promotions/more",
        "get, /api/tasks"
    })
    void whatHasNoRowIsDenied(String method, String path) {
        assertThat(row(method, path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/audit/",
                "//api//audit",
                "/api;x=1/audit",
                "/api/audit;x=1",
                "/api/%61udit",
                "/%61pi/audit;%2e"
            })
    void noSpellingOfAPathGetsAroundItsRow(String path) {
        assertThat(row("GET", path).flatMap(Access.Row::role)).contains(AccessRole.ADMIN);
    }

    @Test
    void anEncodedSlashMakesNoSegment() {
        assertThat(row("POST", "/api/tasks/a%2Fpredict")).isEmpty();
        assertThat(row("POST", "/api/tasks/a%2Fb/predict").flatMap(Access.Row::role))
                .contains(AccessRole.VIEWER);
    }

    @Test
    void everyOperationOfTheApiHasARowAndNoneIsOpenButHealth() throws IOException {
        List<String> missing = new ArrayList<>();
        List<String> open = new ArrayList<>();
        JsonNode paths = new YAMLMapper()
                .readTree(Path.of("../../docs/openapi.yaml").toFile())
                .path("paths");
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                String name = method.getKey().toUpperCase(Locale.ROOT);
                Optional<Access.Row> row = row(name, path.getKey());
                if (row.isEmpty()) {
                    missing.add(name + " " + path.getKey());
                } else if (row.get().role().isEmpty()) {
                    open.add(name + " " + path.getKey());
                }
            }
        }
        assertThat(paths.size()).isGreaterThan(20);
        assertThat(missing).isEmpty();
        assertThat(open).containsExactlyInAnyOrder("GET /v2/health/live", "GET /v2/health/ready");
    }

    @Test
    void everyChangeIsAuditedButUploadsWhichSayThemselvesWhoSentThem() {
        assertThat(row("POST", "/api/tasks/a/pause").orElseThrow().isAudited()).isTrue();
        assertThat(row("POST", "/api/tasks/a/label-queue/1").orElseThrow().isAudited())
                .isTrue();
        assertThat(row("PUT", "/api/tasks/a").orElseThrow().isAudited()).isTrue();
        assertThat(row("POST", "/api/tasks/a/images").orElseThrow().isAudited()).isFalse();
        assertThat(row("POST", "/api/tasks/a/predict").orElseThrow().isAudited())
                .isFalse();
        assertThat(row("POST", "/login").orElseThrow().isAudited()).isFalse();
        assertThat(CanonicalPath.of("/api/tasks/a%20b/pause").task()).contains("a b");
        assertThat(CanonicalPath.of("/api/runs/r/retry").task()).isEmpty();
    }

    @Test
    void toAskForAPredictionChangesNothingAndToPromoteDoes() {
        assertThat(row("POST", "/api/tasks/a/predict").orElseThrow().changes()).isFalse();
        assertThat(row("GET", "/api/audit").orElseThrow().changes()).isFalse();
        assertThat(row("POST", "/api/tasks/a/promotions").orElseThrow().changes())
                .isTrue();
    }
}
