package dev.tutelage.gateway.upload;

import dev.tutelage.control.ingest.PackingLimits;
import dev.tutelage.event.v1.UploadAccepted;
import io.opentelemetry.api.trace.SpanContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A request whose body has been read and looked at, on its way into shards.
 *
 * @param id another one for each request
 * @param by who sent it
 * @param key idempotency key, if its sender gave one
 * @param content SHA-256, in hexadecimal, of what the request asks for
 * @param limits of its shards
 * @param usable its images, in its order
 * @param refused how many others there were
 * @param file that holds the images' bytes
 * @param outcome the fact that says it, once that is committed
 * @param cause the span of the request
 */
record Upload(
        String id,
        String by,
        Optional<String> key,
        Target target,
        String content,
        PackingLimits limits,
        List<UsableImage> usable,
        int refused,
        SpoolFile file,
        CompletableFuture<UploadAccepted> outcome,
        SpanContext cause) {

    long bytes() {
        return usable.stream().mapToLong(UsableImage::length).sum();
    }

    /** Whether it is the same upload as another, if its key is right. */
    boolean hasKeyOf(Upload other) {
        return key.isPresent() && key.equals(other.key) && target.task().equals(other.target.task());
    }

    /** Ends it as what was accepted before with its key, or as a misuse of the key. */
    void end(UploadAccepted accepted) {
        if (accepted.getContent().equals(content)) {
            outcome.complete(accepted);
        } else {
            outcome.completeExceptionally(new ReusedKeyException(key.orElse(""), accepted));
        }
    }
}
