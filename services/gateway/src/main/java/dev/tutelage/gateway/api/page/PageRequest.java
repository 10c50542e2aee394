package dev.tutelage.gateway.api.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.history.Timeline;
import dev.tutelage.gateway.history.Timeline.Position;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Which page of a collection is wanted. A cursor names the last thing of the page before, so pages neither repeat nor miss
 * things while new ones come, and go on after a restart.
 *
 * @param limit things of a page, 1 to 500
 * @param before the last thing of the page before; empty: the newest page
 */
public record PageRequest(int limit, Optional<Position> before) {
    public static final int LARGEST = 500;
    private static final int USUAL = 50;

    /**
     * Reads what a client asks for; each may be absent.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem with status 400 if the limit or the cursor is wrong
     */
    public static PageRequest of(Optional<String> limit, Optional<String> cursor) {
        return new PageRequest(limit.map(PageRequest::parseLimit).orElse(USUAL), cursor.map(PageRequest::parseCursor));
    }

    private static int parseLimit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= LARGEST) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw Problems.badRequest(
                "Bad limit",
                "Query parameter 'limit' must be a whole number from 1 to " + LARGEST + ", not '" + text + "'");
    }

    private static Position parseCursor(String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
            int bar = text.indexOf('|');
            if (bar > 0) {
                return new Position(Instant.parse(text.substring(0, bar)), text.substring(bar + 1));
            }
        } catch (IllegalArgumentException | DateTimeParseException e) {
            // Said below.
        }
        throw Problems.badRequest(
                "Bad cursor",
                "Query parameter 'cursor' must be taken from the 'next' of a page, and '" + cursor
                        + "' is from none. Leave it out to begin with the newest");
    }

    private static String cursor(Position position) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((position.time() + "|" + position.key()).getBytes(UTF_8));
    }

    /**
     * The page of a timeline. It looks at no more things than it must to fill the page.
     *
     * @param wanted which things there are to be pages of
     * @param view of a thing, which does not change with it
     * @param link to the page with a cursor
     */
    public <V, T> Page<T> of(
            Timeline<V> timeline, Predicate<V> wanted, Function<V, T> view, UnaryOperator<String> link) {
        List<T> items = new ArrayList<>();
        Optional<Position> last = Optional.empty();
        for (Map.Entry<Position, V> entry : timeline.newestFirst(before).entrySet()) {
            if (wanted.test(entry.getValue())) {
                if (items.size() == limit) {
                    return new Page<>(
                            List.copyOf(items), last.map(PageRequest::cursor).map(link));
                }
                items.add(view.apply(entry.getValue()));
                last = Optional.of(entry.getKey());
            }
        }
        return new Page<>(List.copyOf(items), Optional.empty());
    }
}
