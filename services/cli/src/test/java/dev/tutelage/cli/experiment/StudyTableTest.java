package dev.tutelage.cli.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyTableTest {

    @Test
    void seedsBecomeMeansAndDeviations(@TempDir Path work) throws IOException {
        write(work, 1, "{\"cell\":\"teacher\",\"metrics\":{\"loss\":3,\"top1\":90}}");
        write(work, 2, "{\"cell\":\"teacher\",\"metrics\":{\"loss\":4,\"top1\":92}}");
        write(work, 3, "{\"cell\":\"teacher\",\"metrics\":{\"loss\":5,\"top1\":97}}");
        assertThat(StudyTable.read(work, "mnist", 3).lines())
                .containsExactly(
                        "| mnist | metric | mean ± deviation | seeds |",
                        "|---|---|---|---|",
                        "| teacher | top1 | 93.00 ± 3.61 | 90.00, 92.00, 97.00 |");
        assertThat(StudyTable.read(work, "mnist", 1).lines())
                .last()
                .isEqualTo("| teacher | top1 | 90.00 ± 0.00 | 90.00 |");
    }

    private static void write(Path work, int seed, String line) throws IOException {
        Path directory = Files.createDirectories(work.resolve("mnist-" + seed));
        Files.writeString(directory.resolve("cells.jsonl"), line + "\n");
    }
}
