package dev.tutelage.gateway.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;

/**
 * What people can have done from a page: a write of the API, posted by {@code write.js} when its button is pressed. A page has
 * only those that can be done as things are.
 *
 * @param id of its button, the same each time its page is made
 * @param text of its button
 * @param address that is posted to
 * @param body JSON without the reason; empty for none
 * @param question what is asked before it is done
 * @param done what is said when it is done
 * @param command what does the same without scripts
 */
public record Action(
        String id, String text, String address, String body, Question question, String done, String command) {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * What is asked before something is done; where nothing is asked, it is done at once.
     *
     * @param text what will happen
     * @param reasoned whether people may say why
     */
    public record Question(String title, String text, boolean reasoned) {
        static final Question NONE = new Question("", "", false);
    }

    /** A body with these fields. */
    static String json(Map<String, String> fields) {
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Text always becomes JSON", e);
        }
    }
}
