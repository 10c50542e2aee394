package dev.tutelage.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tutelage.cli.remote.Table.Column;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAreAsWideAsTheyMustBeAndNumbersStandToTheRight() throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonNode first = json.readTree("""
                {"name": "wren", "of": {"top1": 7.5}, "digest": "0123456789abcdef", "roles": ["teacher", "student"]}""");
        JsonNode second = json.readTree("""
                {"name": "barn owl", "of": {"top1": 73.125}, "digest": "fedcba9876543210", "roles": []}""");
        Table table = new Table(
                Column.of("NAME", "/name"),
                Column.of("TOP-1", "/of/top1"),
                Column.digest("CHECKPOINT", "/digest"),
                Column.of("ROLES", "/roles"),
                Column.of("NONE", "/none"));
        assertThat(table.lines(List.of(first, second)))
                .containsExactly(
                        "NAME      TOP-1  CHECKPOINT    ROLES             NONE",
                        "wren       7.50  0123456789ab  teacher, student     -",
                        "barn owl  73.13  fedcba987654  -                    -");
    }

    @Test
    void whatIsAskedForIsEscaped() {
        assertThat(GatewayClient.query(new TreeMap<>(
                        Map.of("a", Optional.of("x y&z=1"), "b", Optional.empty(), "c", Optional.of("ü")))))
                .isEqualTo("?a=x%20y%26z%3D1&c=%C3%BC");
        assertThat(GatewayClient.query(Map.of("a", Optional.empty()))).isEmpty();
        assertThat(GatewayClient.escaped("../x")).isEqualTo("..%2Fx");
    }
}
