package dev.tutelage.gateway.console;

import java.util.List;

/**
 * A page of who was about to change what.
 *
 * @param by whose writes are asked for; empty: everybody's
 * @param task whose writes are asked for; empty: all
 */
public record Audits(Frame frame, String by, String task, List<Row> rows, Pager pager) {

    /**
     * A write.
     *
     * @param by name of the key, or subject of the token
     * @param means how it was known who they are
     * @param what method and path
     * @param client address that the request came from
     * @param request id that the answer had as {@code X-Request-Id}
     */
    public record Row(
            Say.When time, String by, String role, String means, String what, String client, String request) {}

    public Audits {
        rows = List.copyOf(rows);
    }
}
