package dev.tutelage.gateway.security;

import dev.tutelage.control.access.AccessRole;
import dev.tutelage.gateway.security.Access.CanonicalPath;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Why a request is not answered.
 *
 * @param detail for people: what was asked for, and what to do
 * @param headers of the answer
 */
record Refusal(int status, String title, String detail, Map<String, String> headers) {
    static final String CHALLENGE = "Bearer realm=\"tutelage\"";
    /** The header that scripts of the console send with what changes something, and that no form of another site can send. */
    static final String CONSOLE_HEADER = "X-Tutelage-Console";

    Refusal {
        headers = Map.copyOf(headers);
    }

    /** It is not known who asks. */
    static Refusal unknown(String what, AccessRole needed, boolean wrongCredential) {
        String why = wrongCredential
                ? "What the header Authorization has is no key or token that is good here, or not any more"
                : "The request does not say who sends it";
        return new Refusal(
                401,
                "Unauthorized",
                why + ". " + what + " needs the role " + needed.label()
                        + ": send a key of that role or a higher one as Authorization: Bearer KEY, or log in at /login."
                        + " tutelage keys create makes keys",
                Map.of("WWW-Authenticate", CHALLENGE));
    }

    /** Who asks may not. */
    static Refusal forbidden(String what, AccessRole needed, Caller caller) {
        return new Refusal(
                403,
                "Forbidden",
                what + " needs the role " + needed.label() + ", and " + caller.name() + " has "
                        + caller.role().map(own -> "the role " + own.label()).orElse("no role")
                        + ": use a key of that role or a higher one",
                Map.of());
    }

    /** It may be another site that asks. */
    static Refusal crossSite(String what) {
        return new Refusal(
                403,
                "Forbidden",
                what
                        + " changes something, and it is not sure that a page of this console asks for it, because Origin or"
                        + " Sec-Fetch-Site do not say so, or the header " + CONSOLE_HEADER
                        + " is missing. Programs send a key as Authorization: Bearer KEY, and no cookie",
                Map.of());
    }

    /** Who asks has asked too often. */
    static Refusal tooOften(String who, String what, Duration wait) {
        long seconds = wait.toSeconds() + 1;
        return new Refusal(
                429,
                "Too Many Requests",
                who + " has sent too many " + what + ": wait " + seconds + " s, and then send fewer",
                Map.of("Retry-After", Long.toString(seconds)));
    }

    /** The table has no row for it. */
    static Refusal unlisted(String path, Set<String> methods) {
        return methods.isEmpty()
                ? new Refusal(
                        404,
                        "Not Found",
                        "There is nothing at " + path + ". GET /q/openapi tells all addresses",
                        Map.of())
                : new Refusal(
                        405,
                        "Method Not Allowed",
                        path + " does not know this method. GET /q/openapi tells the methods of all addresses",
                        Map.of("Allow", String.join(", ", methods)));
    }

    /** Whether people meet a page at that path, and not programs an API. */
    static boolean isOfPage(CanonicalPath path) {
        return !path.isIn("api") && !path.isIn("v2") && !path.isIn("q");
    }
}
