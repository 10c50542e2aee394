package dev.tutelage.gateway.upload;

import com.google.protobuf.Message;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.UploadAccepted;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.trigger.Turn;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Says uploads in turns that all gateways take: on all that was said by then, and only if no other has spoken meanwhile. So of
 * uploads with one key, one is said, whichever gateways they came to and whenever one of these was killed.
 */
@ApplicationScoped
class UploadTurn {
    private static final int ATTEMPTS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 200;

    private final Turn turn;
    private final KnownUploads known;

    UploadTurn(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "quarkus.application.name") String service,
            KnownUploads known) {
        this.turn = Turn.of(service, "/tutelage/" + service, kafka, List.of(Topic.UPLOADS));
        this.known = known;
    }

    /**
     * Says facts, all or none, unless some of the uploads that they are about were accepted already.
     *
     * @return what was accepted already; if it is empty, the facts are said
     * @throws NotPublishedException if they are not known to be said
     */
    synchronized Map<Upload, UploadAccepted> say(List<Upload> uploads, List<? extends Message> facts)
            throws NotPublishedException {
        for (int attempt = 1; ; attempt++) {
            try {
                Map<Upload, UploadAccepted> accepted = accepted(uploads);
                if (accepted.isEmpty()) {
                    turn.say(facts);
                }
                return accepted;
            } catch (NotPublishedException e) {
                // Another gateway has taken its turn, or the answer was lost. What is on the log then tells.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                giveWay(attempt, e);
            }
        }
    }

    private Map<Upload, UploadAccepted> accepted(List<Upload> uploads) throws NotPublishedException {
        turn.takeToEnd(known::next, known::add);
        Map<Upload, UploadAccepted> accepted = new LinkedHashMap<>();
        uploads.forEach(upload -> known.find(upload).ifPresent(found -> accepted.put(upload, found)));
        return accepted;
    }

    /** For a while that is another one each time, so that two gateways do not go on taking the turn from each other. */
    private static void giveWay(int attempt, NotPublishedException cause) throws NotPublishedException {
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(attempt * LONGEST_PAUSE_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cause;
        }
    }

    @PreDestroy
    void close() {
        turn.close();
    }
}
