package dev.tutelage.cli.letter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.remote.GatewayException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Dead letters as a gateway tells of them. */
final class RemoteLetters {
    private static final String LETTERS = "/api/dead-letters";
    private static final String PAGE = "500";

    private RemoteLetters() {}

    /** Those of a task, or of all, in the order in which they were said. */
    static List<LetterLine> of(GatewayClient gateway, Optional<String> task, boolean all)
            throws GatewayException, InterruptedException {
        Map<String, Optional<String>> query = new TreeMap<>();
        query.put("task", task);
        query.put("open", all ? Optional.empty() : Optional.of("true"));
        query.put("limit", Optional.of(PAGE));
        List<LetterLine> letters = new ArrayList<>();
        gateway.items(LETTERS + GatewayClient.query(query), Integer.MAX_VALUE)
                .forEach(view -> letters.add(LetterLine.of(view)));
        Collections.reverse(letters);
        return letters;
    }

    static LetterLine at(GatewayClient gateway, long offset) throws GatewayException, InterruptedException {
        return LetterLine.of(gateway.get(LETTERS + "/" + offset));
    }

    /** What its record holds. */
    static JsonNode recordOf(GatewayClient gateway, long offset) throws GatewayException, InterruptedException {
        return gateway.get(LETTERS + "/" + offset + "/record");
    }

    /** Replays one; returns what was done, for people. */
    static String replay(GatewayClient gateway, long offset) throws GatewayException, InterruptedException {
        return gateway.post(LETTERS + "/" + offset + "/replay", Map.of())
                .path("done")
                .asText();
    }
}
