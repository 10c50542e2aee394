package dev.tutelage.integration.secured;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keeps the tables of docs/security.md what the code says. {@code -Dtutelage.write-docs=true} writes them anew. */
class PrivilegesPageTest {
    private static final Path PAGE =
            Path.of(System.getProperty("tutelage.home", "..")).toAbsolutePath().resolve("docs/security.md");

    @Test
    void theTablesAreThoseOfTheCode() throws IOException {
        Map<String, Matrix> tables = new LinkedHashMap<>();
        tables.put("topics", Matrix.topics());
        tables.put("groups", Matrix.groups());
        tables.put("transactional-ids", Matrix.transactionalIds());
        tables.put("objects", Matrix.objects());
        String before = Files.readString(PAGE);
        String page = before;
        for (Map.Entry<String, Matrix> table : tables.entrySet()) {
            page = withTable(page, table.getKey(), table.getValue());
        }
        if (Boolean.getBoolean("tutelage.write-docs")) {
            Files.writeString(PAGE, page);
        } else {
            assertThat(before)
                    .as("mvn -pl integration-tests -am test -Dtest=PrivilegesPageTest -Dtutelage.write-docs=true"
                            + " -Dsurefire.failIfNoSpecifiedTests=false writes them")
                    .isEqualTo(page);
        }
    }

    private static String withTable(String page, String name, Matrix table) {
        String begin = "<!-- table: " + name + " -->\n";
        String end = "<!-- end -->";
        assertThat(page).contains(begin);
        int from = page.indexOf(begin) + begin.length();
        return page.substring(0, from) + table.markdown() + page.substring(page.indexOf(end, from));
    }
}
