package dev.tutelage.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.PackedImages;
import dev.tutelage.learning.data.RejectedImage;
import dev.tutelage.learning.data.RejectionKind;
import dev.tutelage.learning.data.SourceFormat;
import dev.tutelage.learning.program.PackShards;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PackReportTest {
    private static final PackShards.Request REQUEST = new PackShards.Request(
            "photographs",
            SourceFormat.FOLDER,
            Optional.empty(),
            List.of("wren", "robin"),
            new ImageShape(3, 32, 32),
            "shards",
            1000,
            "1%",
            false,
            1);

    @Test
    void countsClassesAndTheFirstReasonsAreTold() {
        Map<String, Integer> perClass = new LinkedHashMap<>();
        perClass.put("wren", 1200);
        perClass.put("robin", 34);
        PackedImages packed = new PackedImages(
                1234,
                perClass,
                12,
                Collections.nCopies(12, new RejectedImage("wren/7", RejectionKind.TRUNCATED, "is empty")),
                Collections.nCopies(2, new PackedImages.Shard("shard-000000.tar", 617, "00")));
        assertThat(PackReport.lines(packed, REQUEST))
                .startsWith(
                        "1,234 images in 2 shards in shards",
                        "  wren                         1,200",
                        "  robin                           34",
                        "12 left out:",
                        "  wren/7 is empty")
                .endsWith("  wren/7 is empty", "  ...")
                .hasSize(10);
    }

    @Test
    void shardsWithoutLabelsAreSaidToBeSo() {
        PackedImages packed = new PackedImages(
                5, Map.of(), 0, List.of(), List.of(new PackedImages.Shard("shard-000000.tar", 5, "00")));
        assertThat(PackReport.lines(packed, REQUEST))
                .containsExactly("5 images in 1 shard in shards", "without labels (--classes keeps them)");
    }
}
