package dev.tutelage.control.task;

import dev.tutelage.event.v1.Source;
import dev.tutelage.event.v1.Split;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what a task file says about buckets that images come from.
 *
 * @param file for messages
 */
record SourceYaml(String file) {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /**
     * @param classes of the task
     * @throws InvalidTaskException naming the file, the field and what to do
     */
    List<Source> read(List<TaskFile.Source> declared, List<String> classes) throws InvalidTaskException {
        List<Source> sources = new ArrayList<>();
        Set<String> places = new HashSet<>();
        for (int i = 0; i < declared.size(); i++) {
            String field = "sources[" + i + "]";
            Source source = read(declared.get(i), field, classes);
            if (!places.add(source.getBucket() + "/" + source.getPrefix())) {
                throw wrong(field, "of another bucket or prefix than those before it");
            }
            sources.add(source);
        }
        return sources;
    }

    private Source read(TaskFile.Source declared, String field, List<String> classes) throws InvalidTaskException {
        if (!BUCKET.matcher(declared.bucket()).matches()) {
            throw wrong(field + ".bucket", "3 to 63 lower-case letters, digits, dots and dashes");
        }
        if (declared.label().isPresent() && !classes.contains(declared.label().get())) {
            throw wrong(
                    field + ".label",
                    "one of the classes, " + String.join(", ", classes) + ", not '"
                            + declared.label().get() + "'");
        }
        boolean labeled = declared.label().isPresent() || declared.labeled().orElse(false);
        Split split = split(declared.split().orElse("train"), field);
        if (split == Split.SPLIT_HELD_OUT && !labeled) {
            throw wrong(field + ".labeled", "true, or label given, where split is held-out: evaluation needs labels");
        }
        return Source.newBuilder()
                .setBucket(declared.bucket())
                .setPrefix(declared.prefix().orElse(""))
                .setSplit(split)
                .setLabel(declared.label().orElse(""))
                .setLabeled(labeled)
                .build();
    }

    private Split split(String text, String field) throws InvalidTaskException {
        return switch (text) {
            case "train" -> Split.SPLIT_TRAIN;
            case "held-out" -> Split.SPLIT_HELD_OUT;
            default -> throw wrong(field + ".split", "train or held-out, not '" + text + "'");
        };
    }

    private InvalidTaskException wrong(String field, String allowed) {
        return new InvalidTaskException(file + ": field '" + field + "' must be " + allowed);
    }
}
