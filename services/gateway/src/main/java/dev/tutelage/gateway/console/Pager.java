package dev.tutelage.gateway.console;

import java.util.List;

/**
 * A page of a list.
 *
 * @param from number of its first row, from 1; 0 if there is none
 * @param to number of its last row
 * @param all rows of the list
 * @param previous where the page before it is; empty if there is none
 * @param next where the page after it is; empty if there is none
 */
public record Pager(int from, int to, int all, String previous, String next) {

    /** Part of a list, and where it is. */
    record Page<T>(List<T> rows, Pager pager) {}

    /**
     * Cuts a page out of a list.
     *
     * @param page from 1; what is not there is brought to what is nearest
     * @param link to a page, but for its number
     */
    static <T> Page<T> cut(List<T> rows, int page, int size, String link) {
        int pages = Math.max(1, (rows.size() + size - 1) / size);
        int here = Math.max(1, Math.min(page, pages));
        int from = (here - 1) * size;
        int to = Math.min(rows.size(), from + size);
        return new Page<>(
                rows.subList(from, to),
                new Pager(
                        rows.isEmpty() ? 0 : from + 1,
                        to,
                        rows.size(),
                        here > 1 ? link + (here - 1) : "",
                        here < pages ? link + (here + 1) : ""));
    }

    public boolean hasPrevious() {
        return !previous.isEmpty();
    }

    public boolean hasNext() {
        return !next.isEmpty();
    }

    public boolean isEmpty() {
        return all == 0;
    }

    /** Where this is, in words. */
    public String words() {
        return Say.count(from) + "–" + Say.count(to) + " of " + Say.count(all);
    }
}
