package dev.tutelage.gateway.upload;

import dev.tutelage.control.ingest.PackingLimits;
import dev.tutelage.event.v1.Source;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.UploadAccepted;
import io.opentelemetry.api.trace.Span;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Reads the bodies of uploads, looks at each image, and lets those that can be used wait for their shards. */
@ApplicationScoped
public class Reception {
    /** So much of a body that is refused is read all the same. */
    private static final long DRAINED = 32L << 20;

    private final BodyLimits limits;
    private final PackingLimits shards;
    private final Duration patience;
    private final Spool spool;
    private final KnownUploads known;
    private final Packer packer;
    private final Semaphore readers;
    private final Semaphore decoders = new Semaphore(Runtime.getRuntime().availableProcessors());

    Reception(UploadSettings settings, Spool spool, KnownUploads known, Packer packer) {
        this.limits = BodyLimits.of(settings);
        this.shards = Packer.limits(settings);
        this.patience = settings.patience();
        this.readers = new Semaphore(settings.readersAtOnce(), true);
        this.spool = spool;
        this.known = known;
        this.packer = packer;
    }

    BodyStream stream(InputStream body) {
        return new BodyStream(body, limits.requestBytes());
    }

    /** Reads on in a body that was refused, as far as is reasonable, so that its sender gets to see the answer. */
    void drain(BodyStream body) {
        body.drain(DRAINED);
    }

    /**
     * Takes an object of a bucket, as an upload of its bytes under a key.
     *
     * @param label class that its images show, if it is known
     * @param mediaType of the object
     * @return its answer, once its images are durable and said. It fails if the key stands for something else, or if the
     *     store, the log or the disk did not do their part
     * @throws HttpProblem if it is refused; with a status of 500 and more, or 408, it may be taken later
     */
    public CompletionStage<UploadAnswer> receive(
            TaskDeclared task, Source source, Optional<String> label, String key, String mediaType, InputStream bytes) {
        Terms terms = new Terms(source.getSplit(), label, source.getLabeled());
        String by = "s3://" + source.getBucket();
        return receive(task, terms, by, Optional.of(key), mediaType, "", stream(bytes));
    }

    /**
     * Takes an upload.
     *
     * @param by who sent it
     * @return its answer, once its images are durable and said
     * @throws HttpProblem if it is refused
     */
    CompletionStage<UploadAnswer> receive(
            TaskDeclared task,
            Terms terms,
            String by,
            Optional<String> key,
            String contentType,
            String encoding,
            BodyStream body) {
        awaitReader();
        try {
            RequestBody images = Bodies.of(contentType, encoding, body, limits)
                    .orElseThrow(() -> UploadProblems.wrongMediaType(contentType));
            return receive(task, terms, by, key, images, body);
        } catch (TooLargeException e) {
            throw UploadProblems.tooLarge("The request was refused: " + e.getMessage());
        } catch (MalformedBodyException | InvalidTermsException e) {
            throw UploadProblems.badRequest("The request was refused: " + e.getMessage());
        } catch (BrokenBodyException e) {
            throw UploadProblems.timeout("Nothing of the request was taken: " + e.getMessage());
        } catch (IOException e) {
            throw UploadProblems.unavailable("Images cannot be put on the gateway's disk: " + e.getMessage());
        } finally {
            readers.release();
        }
    }

    private void awaitReader() {
        try {
            if (!readers.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw UploadProblems.unavailable("Too many uploads are being read already");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UploadProblems.unavailable("The gateway is about to end");
        }
    }

    private CompletionStage<UploadAnswer> receive(
            TaskDeclared task, Terms terms, String by, Optional<String> key, RequestBody images, BodyStream body)
            throws IOException {
        SpoolFile file = spool.file();
        boolean handedOver = false;
        try {
            Intake intake = new Intake(task, terms, file, limits.images(), decoders);
            try {
                images.forEach(intake);
            } catch (DamagedArchiveException e) {
                intake.damaged(e.getMessage());
            }
            // An archive may end before the body does; who sends it looks for the answer only at the body's end.
            body.transferTo(OutputStream.nullOutputStream());
            if (intake.usable().isEmpty()) {
                throw UploadProblems.unusable(intake.items());
            }
            Upload upload = upload(intake, by, key, file);
            Optional<UploadAccepted> before = known.find(upload);
            if (before.isPresent()) {
                upload.end(before.get());
            } else {
                packer.add(upload);
                handedOver = true;
            }
            return answer(upload, intake.items());
        } finally {
            if (!handedOver) {
                file.close();
            }
        }
    }

    private Upload upload(Intake intake, String by, Optional<String> key, SpoolFile file) {
        List<UsableImage> usable = intake.usable();
        return new Upload(
                UUID.randomUUID().toString(),
                by,
                key,
                intake.target(),
                intake.content(),
                shards.readable(intake.shape()),
                usable,
                intake.items().size() - usable.size(),
                file,
                new CompletableFuture<>(),
                Span.current().getSpanContext());
    }

    private CompletionStage<UploadAnswer> answer(Upload upload, List<Item> items) {
        return upload.outcome()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(accepted -> UploadAnswer.of(upload.target(), items, accepted));
    }
}
