package dev.tutelage.gateway.api;

import dev.tutelage.control.name.NearestNames;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** Problem details (RFC 9457). Details are for people: what was wrong, where, and what to do. */
public final class Problems {
    /** What clients are told to wait when Kafka cannot be written. */
    private static final int RETRY_SECONDS = 5;

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;

    private Problems() {}

    /** The request itself is wrong. */
    public static HttpProblem badRequest(String title, String detail) {
        return problem(BAD_REQUEST, title, detail);
    }

    /** There is no such task. */
    public static HttpProblem noTask(String task, Collection<String> known) {
        return problem(
                NOT_FOUND,
                "Unknown task",
                "No task '" + task + "' is declared. " + NearestNames.sentence(task, known)
                        + ". GET /api/tasks lists all; POST /api/tasks declares one");
    }

    /** There is no such thing in a collection, whose keys are known. */
    public static HttpProblem none(String kind, String key, Iterable<String> known, String where) {
        return problem(
                NOT_FOUND,
                "Unknown " + kind,
                "There is no " + kind + " '" + key + "'. " + NearestNames.sentence(key, likely(key, known)) + ". "
                        + where + " lists all");
    }

    /** Names that begin alike, if there are any: distances to thousands of names would be slow to compute. */
    private static List<String> likely(String key, Iterable<String> known) {
        String beginning = key.substring(0, Math.min(2, key.length()));
        List<String> alike = some(known, name -> name.startsWith(beginning));
        return alike.isEmpty() ? some(known, name -> true) : alike;
    }

    private static List<String> some(Iterable<String> known, Predicate<String> wanted) {
        return StreamSupport.stream(known.spliterator(), false)
                .filter(wanted)
                .limit(1_000)
                .toList();
    }

    /** There is no such thing. */
    public static HttpProblem notFound(String title, String detail) {
        return problem(NOT_FOUND, title, detail);
    }

    /** It cannot be done as things are. */
    public static HttpProblem conflict(String title, String detail) {
        return problem(CONFLICT, title, detail);
    }

    /** The request contradicts an earlier one. */
    public static HttpProblem unprocessable(String title, String detail) {
        return problem(UNPROCESSABLE, title, detail);
    }

    /** Kafka does not answer. */
    public static HttpProblem noKafka(Exception cause) {
        return HttpProblem.builder()
                .withStatus(UNAVAILABLE)
                .withTitle("Kafka is not available")
                .withDetail("What was asked for is not known to be done: " + cause.getMessage()
                        + ". Ask again later, and see first whether it was done after all")
                .withHeader("Retry-After", RETRY_SECONDS)
                .build();
    }

    private static HttpProblem problem(int status, String title, String detail) {
        return HttpProblem.builder()
                .withStatus(status)
                .withTitle(title)
                .withDetail(detail)
                .build();
    }
}
