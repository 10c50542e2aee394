package dev.tutelage.gateway.security;

import static dev.tutelage.control.access.AccessRole.ADMIN;
import static dev.tutelage.control.access.AccessRole.ANNOTATOR;
import static dev.tutelage.control.access.AccessRole.OPERATOR;
import static dev.tutelage.control.access.AccessRole.VIEWER;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tutelage.control.access.AccessRole;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The table of who may do what. The first row that fits decides, and what no row fits is denied to all: who adds an operation adds
 * its row. {@code docs/security.md} says the same for people.
 */
public final class Access {
    private static final String UPLOADS = "/api/tasks/*/images";

    private static final List<Row> TABLE = List.of(
            // Probes and scrapers of a cluster have no keys, and what they read tells of no image and no model.
            open("GET", "/q/health/**"),
            open("GET", "/v2/health/**"),
            open("GET", "/q/metrics"),
            // Whoever wants in.
            open("GET", "/login"),
            open("POST", "/login"),
            open("POST", "/logout"),
            open("GET", "/console/**"),
            open("GET", "/webjars/**"),
            // The API: reading.
            row("GET", "/api/audit", ADMIN),
            row("GET", "/api/**", VIEWER),
            row("GET", "/q/openapi", VIEWER),
            row("GET", "/v2/**", VIEWER),
            // To ask what an image shows changes nothing.
            row("POST", "/api/tasks/*/predict", VIEWER),
            row("POST", "/api/tasks/*/nearest", VIEWER),
            row("POST", "/v2/**", VIEWER),
            // Labels.
            row("POST", "/api/tasks/*/label-queue/**", ANNOTATOR),
            row("POST", "/api/tasks/*/label-studio", ANNOTATOR),
            // Images, runs, models and letters.
            row("POST", UPLOADS, OPERATOR),
            row("POST", "/api/tasks/*/pause", OPERATOR),
            row("POST", "/api/tasks/*/resume", OPERATOR),
            row("POST", "/api/tasks/*/promotions", OPERATOR),
            row("POST", "/api/tasks/*/rollbacks", OPERATOR),
            row("POST", "/api/tasks/*/rejections", OPERATOR),
            row("POST", "/api/runs/*/cancel", OPERATOR),
            row("POST", "/api/runs/*/retry", OPERATOR),
            row("POST", "/api/dead-letters/*/replay", OPERATOR),
            // Tasks.
            row("POST", "/api/tasks", ADMIN),
            row("PUT", "/api/tasks/*", ADMIN),
            // The console.
            row("GET", "/", VIEWER),
            row("GET", "/events", VIEWER),
            row("GET", "/health/**", VIEWER),
            row("GET", "/audit", ADMIN),
            row("GET", "/tasks/**", VIEWER));

    /**
     * A row of the table.
     *
     * @param method GET stands for HEAD too
     * @param path a segment {@code *} is any one, {@code **} at the end any number of them
     * @param role that is needed; empty: open to all
     */
    public record Row(String method, String path, Optional<AccessRole> role) {

        /** Whether it is about what changes something. */
        boolean changes() {
            return !method.equals("GET")
                    && role.filter(needed -> !VIEWER.includes(needed)).isPresent();
        }

        /** Whether it is said who does it. Uploads say so themselves. */
        boolean isAudited() {
            return changes() && !path.equals(UPLOADS);
        }

        private boolean fits(String asked, CanonicalPath where) {
            return fitsMethod(asked) && where.fits(path);
        }

        private boolean fitsMethod(String asked) {
            return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
        }
    }

    private Access() {}

    private static Row open(String method, String path) {
        return new Row(method, path, Optional.empty());
    }

    private static Row row(String method, String path, AccessRole role) {
        return new Row(method, path, Optional.of(role));
    }

    /** The row that decides about a request; without one it is denied. */
    public static Optional<Row> row(String method, CanonicalPath path) {
        return TABLE.stream().filter(row -> row.fits(method, path)).findFirst();
    }

    /** The methods that a path has rows for. */
    static Set<String> methods(CanonicalPath path) {
        return TABLE.stream()
                .filter(row -> path.fits(row.path()))
                .map(Row::method)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * A path as whatever answers it may understand it: without empty segments and matrix parameters, and decoded. It is at least
     * as lenient as any router, so that no spelling of a path gets around the row that is meant.
     */
    public record CanonicalPath(List<String> segments) {
        public CanonicalPath {
            segments = List.copyOf(segments);
        }

        /**
         * The one of a request.
         *
         * @param path as the request line has it, without the query
         */
        public static CanonicalPath of(String path) {
            return new CanonicalPath(Arrays.stream(path.split("/"))
                    .map(segment -> decoded(segment.split(";", -1)[0]))
                    .filter(segment -> !segment.isEmpty())
                    .toList());
        }

        private static String decoded(String segment) {
            try {
                return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
            } catch (IllegalArgumentException e) {
                // Nothing that is malformed has a row of its own.
                return segment;
            }
        }

        /** The task that a path of the API names. */
        Optional<String> task() {
            return isIn("api") && segments.size() > 2 && segments.get(1).equals("tasks")
                    ? Optional.of(segments.get(2))
                    : Optional.empty();
        }

        boolean isIn(String first) {
            return !segments.isEmpty() && segments.get(0).equals(first);
        }

        private boolean fits(String pattern) {
            List<String> wanted = of(pattern).segments();
            boolean anyMore = pattern.endsWith("**");
            int fixed = anyMore ? wanted.size() - 1 : wanted.size();
            if (segments.size() < fixed || (!anyMore && segments.size() > fixed)) {
                return false;
            }
            for (int i = 0; i < fixed; i++) {
                if (!wanted.get(i).equals("*") && !wanted.get(i).equals(segments.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }
}
