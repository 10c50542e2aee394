package dev.tutelage.cli.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an ingest did.
 *
 * @param images that went into shards
 * @param shards that were said
 * @param finished shards that were said for an earlier ingest, which was killed over them
 * @param alreadyIn images that an earlier ingest of this source brought in
 * @param seconds it took
 * @param imagesPerSecond images in those seconds
 * @param rejected what could not be used, by kind
 * @param journal the folder of the journal
 * @param rejections the file that names everything that could not be used
 * @param complete whether the source was read to its end, rather than stopped on the way
 */
record IngestReport(
        long images,
        long shards,
        long finished,
        long alreadyIn,
        double seconds,
        double imagesPerSecond,
        List<Rejected> rejected,
        String journal,
        String rejections,
        boolean complete) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /**
     * What could not be used for one kind of reason.
     *
     * @param count of all
     * @param first some of them
     */
    record Rejected(Rejection.Kind kind, long count, List<Rejection> first) {
        Rejected {
            first = List.copyOf(first);
        }
    }

    IngestReport {
        rejected = List.copyOf(rejected);
    }

    /** As one line. */
    String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of ours cannot be written as JSON", e);
        }
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s in %s, %.1f s, %,.0f images/s",
                counted(images, "image", "images"),
                counted(shards, "shard", "shards"),
                seconds,
                imagesPerSecond));
        if (finished > 0) {
            lines.add(counted(finished, "shard", "shards") + " said for an ingest that was killed over them");
        }
        if (alreadyIn > 0) {
            lines.add(counted(alreadyIn, "image was", "images were") + " in already");
        }
        for (Rejected kind : rejected) {
            lines.add(String.format(
                    Locale.ROOT, "%,d %s:", kind.count(), kind.kind().words()));
            kind.first().forEach(each -> lines.add("  " + each.file() + " " + each.reason()));
            if (kind.count() > kind.first().size()) {
                lines.add("  ...");
            }
        }
        if (!rejected.isEmpty()) {
            lines.add("All that could not be used: " + rejections);
        }
        lines.add("Journal: " + journal);
        if (!complete) {
            lines.add("Stopped before the end of the source; the same command goes on from here");
        }
        return lines;
    }

    private static String counted(long number, String one, String more) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : more);
    }
}
