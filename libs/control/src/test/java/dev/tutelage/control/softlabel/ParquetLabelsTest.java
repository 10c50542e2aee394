package dev.tutelage.control.softlabel;

import static org.assertj.core.api.Assertions.assertThat;

import com.jerolba.carpet.CarpetReader;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ShardAdded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetLabelsTest {
    private static final ShardAdded SHARD = ShardAdded.newBuilder()
            .setShard(Artifact.newBuilder().setDigest("5a"))
            .build();

    @TempDir
    private Path directory;

    @Test
    void aRowIsAnImageWithItsClassAndTheProbabilityOfEachClass() throws Exception {
        Path file = directory.resolve("labels.parquet");
        try (LabelSink sink = new ParquetLabels(Files.newOutputStream(file), List.of("wren", "owl, barn"))) {
            sink.add(
                    SHARD,
                    "7e",
                    List.of(new SoftLabel("aa", List.of(0.25, 0.75)), new SoftLabel("bb", List.of(0.5, 0.5))));
            sink.add(SHARD, "7e", List.of());
        }

        List<?> rows = new CarpetReader<>(file.toFile(), Map.class).toList();
        assertThat(rows)
                .isEqualTo(List.of(
                        Map.of(
                                "image",
                                "aa",
                                "shard",
                                "5a",
                                "teacher",
                                "7e",
                                "class",
                                "owl, barn",
                                "confidence",
                                0.75,
                                "p:wren",
                                0.25,
                                "p:owl, barn",
                                0.75),
                        Map.of(
                                "image",
                                "bb",
                                "shard",
                                "5a",
                                "teacher",
                                "7e",
                                "class",
                                "wren",
                                "confidence",
                                0.5,
                                "p:wren",
                                0.5,
                                "p:owl, barn",
                                0.5)));
        assertThat(ParquetLabels.count(file)).isEqualTo(2);
    }

    @Test
    void aFileWithoutLabelsIsOneAllTheSame() throws Exception {
        Path file = directory.resolve("none.parquet");
        new ParquetLabels(Files.newOutputStream(file), List.of("wren")).close();
        assertThat(ParquetLabels.count(file)).isZero();
    }
}
