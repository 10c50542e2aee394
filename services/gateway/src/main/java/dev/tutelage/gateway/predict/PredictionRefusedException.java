package dev.tutelage.gateway.predict;

import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.StatusType;

/** Nothing is predicted; the message says what is wrong, where, and what to do. Each protocol tells it in its way. */
public final class PredictionRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient StatusType status;
    private final String title;

    public PredictionRefusedException(StatusType status, String title, String detail) {
        super(detail);
        this.status = status;
        this.title = title;
    }

    public StatusType status() {
        return status;
    }

    /** The kind of it, in a few words. */
    public String title() {
        return title;
    }

    /** It as problem details. */
    public Response problem() {
        return HttpProblem.builder()
                .withTitle(title)
                .withStatus(status)
                .withDetail(getMessage())
                .build()
                .toResponse();
    }
}
