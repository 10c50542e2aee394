package dev.tutelage.gateway.queue;

import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.stored.UnseenException;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import io.quarkiverse.resteasy.problem.HttpProblem;

/** Why the queue cannot do as asked now. */
final class QueueProblems {
    private static final int UNAVAILABLE = 503;
    private static final int SECONDS = 5;

    private QueueProblems() {}

    /** Asking again later may help; answers may be given again, for each counts once. */
    static HttpProblem unavailable(String detail) {
        return HttpProblem.builder()
                .withStatus(UNAVAILABLE)
                .withTitle("Not now")
                .withDetail(detail + ". Ask again later; an answer that is given twice counts once")
                .withHeader("Retry-After", SECONDS)
                .build();
    }

    /** An object of the store is gone, or the store does not answer. */
    static HttpProblem unseen(String what, UnseenException cause) {
        boolean gone = !(cause.getCause() instanceof ArtifactStoreException store)
                || store.kind() == ArtifactStoreException.Kind.NOT_FOUND
                || store.kind() == ArtifactStoreException.Kind.CORRUPT;
        return gone
                ? Problems.notFound("Not in the store", what + " cannot be read. " + cause.getMessage())
                : unavailable(what + " cannot be read now: " + cause.getMessage());
    }
}
