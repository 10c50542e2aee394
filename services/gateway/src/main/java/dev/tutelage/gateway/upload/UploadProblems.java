package dev.tutelage.gateway.upload;

import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.List;

/** Why a request was not accepted, in the form of RFC 9457. */
final class UploadProblems {
    private static final int UNPROCESSABLE = 422;
    private static final int SECONDS = 5;

    private UploadProblems() {}

    static HttpProblem badRequest(String detail) {
        return problem(400, "Malformed request", detail).build();
    }

    static HttpProblem unknownTask(String task) {
        return problem(
                        404,
                        "Unknown task",
                        "No task \"" + ImageName.shown(task) + "\" is declared: GET /api/tasks lists"
                                + " those that are")
                .build();
    }

    static HttpProblem timeout(String detail) {
        return problem(408, "Body did not come", detail).build();
    }

    static HttpProblem tooLarge(String detail) {
        return problem(413, "Too large", detail + ". Nothing of the request was taken")
                .build();
    }

    static HttpProblem wrongMediaType(String contentType) {
        return problem(
                        415,
                        "Wrong media type",
                        "Images do not come as \"" + ImageName.shown(contentType) + "\": send " + Bodies.TAKEN)
                .build();
    }

    static HttpProblem unusable(List<Item> items) {
        String detail = items.isEmpty()
                ? "The request has no image: of archives, entries that end in .png, .jpg, .jpeg or .webp are taken"
                : "None of the " + items.size() + " images can be used; problems tells why, one by one";
        return problem(UNPROCESSABLE, "No usable image", detail)
                .with("problems", UploadAnswer.problems(items))
                .build();
    }

    static HttpProblem unprocessable(String detail) {
        return problem(UNPROCESSABLE, "Unprocessable request", detail).build();
    }

    static HttpProblem reusedKey(String detail) {
        return problem(UNPROCESSABLE, "Idempotency key was used before", detail).build();
    }

    static HttpProblem unavailable(String detail) {
        return problem(503, "Not now", detail)
                .withHeader("Retry-After", SECONDS)
                .build();
    }

    private static HttpProblem.Builder problem(int status, String title, String detail) {
        return HttpProblem.builder().withStatus(status).withTitle(title).withDetail(detail);
    }
}
