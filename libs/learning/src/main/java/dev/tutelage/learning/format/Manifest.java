package dev.tutelage.learning.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code manifest.json} says about a checkpoint. It has no times or places in it, so equal weights and facts give
 * equal bytes, whose SHA-256 names the checkpoint.
 *
 * @param provenance where the checkpoint comes from
 * @param architecture what the weights are the weights of
 * @param versions of {@code tutelage}, {@code djl} and {@code pytorch} that trained it
 * @param metrics measured by its stage, for example {@code top1} in percent; finite
 * @param parameters how many numbers training chose (running statistics do not count)
 * @param files the other files of the checkpoint
 */
public record Manifest(
        Provenance provenance,
        Architecture architecture,
        Map<String, String> versions,
        Map<String, Double> metrics,
        long parameters,
        List<File> files) {
    /** The version of this format; readers refuse later ones. */
    public static final int FORMAT_VERSION = 1;

    public Manifest {
        versions = Collections.unmodifiableMap(new TreeMap<>(versions));
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
        files = List.copyOf(files);
        requireFinite(metrics);
    }

    /** The same with one more file. */
    Manifest with(File file) {
        List<File> more = new ArrayList<>(files);
        more.add(file);
        return new Manifest(provenance, architecture, versions, metrics, parameters, more);
    }

    /** @throws IllegalArgumentException naming a metric that is not */
    static void requireFinite(Map<String, Double> metrics) {
        metrics.forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("metric " + name + " is " + value + ", which JSON cannot hold");
            }
        });
    }

    /**
     * A file of the checkpoint.
     *
     * @param name in the checkpoint's directory
     * @param sha256 of its bytes, in hex
     * @param size in bytes
     */
    public record File(String name, String sha256, long size) {}
}
