package dev.tutelage.cli.data;

import dev.tutelage.learning.data.PackedImages;
import dev.tutelage.learning.program.PackShards;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was packed, for people. */
final class PackReport {
    private static final int REASONS = 5;

    private PackReport() {}

    static List<String> lines(PackedImages packed, PackShards.Request request) {
        List<String> lines = new ArrayList<>();
        int shards = packed.shards().size();
        lines.add(String.format(
                Locale.ROOT,
                "%,d images in %,d %s in %s",
                packed.images(),
                shards,
                shards == 1 ? "shard" : "shards",
                request.directory()));
        if (packed.perClass().isEmpty()) {
            lines.add("without labels (--classes keeps them)");
        }
        packed.perClass().forEach((name, count) -> lines.add(String.format(Locale.ROOT, "  %-24s %,9d", name, count)));
        if (packed.rejected() > 0) {
            lines.add(String.format(Locale.ROOT, "%,d left out:", packed.rejected()));
        }
        packed.reasons().stream().limit(REASONS).forEach(image -> lines.add("  " + image.key() + " " + image.reason()));
        if (packed.rejected() > REASONS) {
            lines.add("  ...");
        }
        return lines;
    }
}
