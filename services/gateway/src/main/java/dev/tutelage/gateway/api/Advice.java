package dev.tutelage.gateway.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells what to do about the problems that the framework finds, which says only what they are. */
@Singleton
public class Advice implements ProblemPostProcessor {
    private static final Pattern BARE = Pattern.compile("HTTP \\d{3} .*"
            + "|Unable to find matching target resource method"
            + "|The (accept|content-type) header value did not .*");

    private static final Map<Integer, String> DETAILS = Map.of(
            404, "There is nothing at {path}. GET /q/openapi tells all addresses",
            405, "{path} does not know this method. GET /q/openapi tells the methods of all addresses",
            406, "{path} is not told in a format that the header Accept names. Accept application/json",
            415,
                    "{path} takes no body of the format that the header Content-Type names. GET /q/openapi tells those it takes");

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        return Optional.ofNullable(problem.getDetail())
                .filter(detail -> BARE.matcher(detail).matches())
                .flatMap(bare -> Optional.ofNullable(DETAILS.get(problem.getStatusCode())))
                .map(detail -> HttpProblem.builder(problem)
                        .withDetail(detail.replace("{path}", context.path))
                        .build())
                .orElse(problem);
    }
}
