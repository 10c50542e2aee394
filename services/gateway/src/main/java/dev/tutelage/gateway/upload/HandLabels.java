package dev.tutelage.gateway.upload;

import dev.tutelage.control.ingest.PackingLimits;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.UploadAccepted;
import dev.tutelage.event.v1.UploadedImages;
import dev.tutelage.learning.data.ImageShape;
import io.opentelemetry.api.trace.Span;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Labels that people give to images that are in already, and that a teacher has seen, so they can be used. Each becomes an upload of one labeled image, whose key follows from the
 * image: so whoever answers, at whatever gateway and however often, the first answer counts, and an image is labeled once.
 */
@ApplicationScoped
public class HandLabels {
    /** With a space, which no sender's key has. */
    private static final String PREFIX = "label ";

    private final Spool spool;
    private final KnownUploads known;
    private final Packer packer;
    private final PackingLimits shards;
    private final Duration patience;
    private final SecurityIdentity identity;

    HandLabels(UploadSettings settings, Spool spool, KnownUploads known, Packer packer, SecurityIdentity identity) {
        this.spool = spool;
        this.known = known;
        this.packer = packer;
        this.shards = Packer.limits(settings);
        this.patience = settings.patience();
        this.identity = identity;
    }

    /**
     * A label that is in.
     *
     * @param label number of the class
     * @param shard digest of the labeled shard that holds the image
     * @param news whether it was given now, not before
     */
    public record HandLabel(String image, int label, String shard, boolean news) {}

    static boolean isKey(String key) {
        return key.startsWith(PREFIX);
    }

    private static String key(String image) {
        return PREFIX + image;
    }

    /** Whether a person has labeled an image, as far as this gateway has read. */
    public boolean isLabeled(String task, String image) {
        return known.find(task, key(image)).isPresent();
    }

    /** The label that a person has given to an image, as far as this gateway has read. */
    public Optional<HandLabel> find(TaskDeclared task, String image) {
        return known.find(task.getTask(), key(image)).map(accepted -> given(task, image, accepted));
    }

    /** Facts tell a digest of what was answered, and the classes of a task never change. */
    private static HandLabel given(TaskDeclared task, String image, UploadAccepted accepted) {
        int label = IntStream.range(0, task.getClassesCount())
                .filter(each -> content(image, each).equals(accepted.getContent()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("upload " + accepted.getUpload() + " of task "
                        + task.getTask() + " gives image " + image + " a label that is none of the task's classes"));
        return new HandLabel(image, label, shard(accepted), false);
    }

    private static String shard(UploadAccepted accepted) {
        return accepted.getShardsList().stream()
                .map(UploadedImages::getShard)
                .findFirst()
                .orElse("");
    }

    private static String content(String image, int label) {
        ContentDigest content = new ContentDigest();
        content.add("label by hand");
        content.add(image);
        content.add(Integer.toString(label));
        return content.hex();
    }

    /**
     * Gives an image a label, unless it has one.
     *
     * @param key that it has in the shard it is in already
     * @param image digest of its bytes
     * @param label number of a class of the task
     * @return the label that the image has, once that is stored and said; it fails if that is not known
     * @throws IOException if it cannot be put on the disk
     */
    public CompletableFuture<HandLabel> add(TaskDeclared task, String key, String image, byte[] encoded, int label)
            throws IOException {
        Upload upload = upload(task, image, key, label, encoded);
        packer.add(upload);
        return upload.outcome()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .handle((accepted, failure) -> failure == null
                        ? new HandLabel(
                                image,
                                label,
                                shard(accepted),
                                accepted.getUpload().equals(upload.id()))
                        : winner(task, image, failure));
    }

    private Upload upload(TaskDeclared task, String image, String key, int label, byte[] encoded) throws IOException {
        ImageShape shape = new ImageShape(
                task.getImage().getChannels(),
                task.getImage().getHeight(),
                task.getImage().getWidth());
        SpoolFile file = spool.file();
        try {
            UsableImage usable =
                    new UsableImage(key, image, OptionalInt.of(label), file.append(encoded), encoded.length);
            return new Upload(
                    UUID.randomUUID().toString(),
                    identity.getPrincipal().getName(),
                    Optional.of(key(image)),
                    new Target(task.getTask(), Split.SPLIT_TRAIN, true),
                    content(image, label),
                    shards.readable(shape),
                    List.of(usable),
                    0,
                    file,
                    new CompletableFuture<>(),
                    Span.current().getSpanContext());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Somebody else has given it another label before. */
    private static HandLabel winner(TaskDeclared task, String image, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof ReusedKeyException reused) {
            return given(task, image, reused.before());
        }
        throw new CompletionException(cause);
    }
}
