package dev.tutelage.gateway.bucket;

import dev.tutelage.event.v1.Source;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.upload.ImageName;
import dev.tutelage.learning.data.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A new object that is images of a task.
 *
 * @param source of the task's, in which it lies
 * @param mediaType by its name
 */
record TakenObject(BucketEvent event, TaskDeclared task, Source source, String mediaType) {
    private static final int LONGEST_KEY = 200;

    /** What an object is to each of some tasks. Of a task's sources that hold it, the one with the longest prefix counts. */
    static List<TakenObject> of(BucketEvent event, List<TaskDeclared> tasks) {
        return mediaType(event.key())
                .map(type -> tasks.stream()
                        .flatMap(task ->
                                source(event, task).map(source -> new TakenObject(event, task, source, type)).stream())
                        .toList())
                .orElse(List.of());
    }

    private static Optional<Source> source(BucketEvent event, TaskDeclared task) {
        return task.getSourcesList().stream()
                .filter(source ->
                        source.getBucket().equals(event.bucket()) && event.key().startsWith(source.getPrefix()))
                .max(Comparator.comparingInt(source -> source.getPrefix().length()));
    }

    /** Empty if it is neither an image nor an archive by its name. */
    private static Optional<String> mediaType(String key) {
        String name = key.toLowerCase(Locale.ROOT);
        if (ImageName.isImage(name)) {
            return Optional.of("application/octet-stream");
        } else if (name.endsWith(".zip")) {
            return Optional.of("application/zip");
        } else if (name.endsWith(".tar") || name.endsWith(".tar.gz") || name.endsWith(".tgz")) {
            return Optional.of("application/x-tar");
        }
        return Optional.empty();
    }

    /** The class that all its images show: that of the source, or that of the folder in which a single image lies. */
    Optional<String> label() {
        Optional<String> declared = Optional.of(source.getLabel()).filter(label -> !label.isEmpty());
        if (declared.isPresent() || !source.getLabeled() || !ImageName.isImage(event.key())) {
            return declared;
        }
        return ImageName.folder(event.key().substring(source.getPrefix().length()));
    }

    /** The same for the same bytes at the same place, however often that is told. */
    String uploadKey() {
        String key = event.address() + "#" + event.etag();
        return key.length() <= LONGEST_KEY ? key : "s3:" + Sha256.of(key.getBytes(StandardCharsets.UTF_8));
    }
}
