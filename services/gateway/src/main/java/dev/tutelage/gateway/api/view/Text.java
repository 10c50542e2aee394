package dev.tutelage.gateway.api.view;

import java.util.Optional;

/** Text of messages, in which what is absent is empty. */
final class Text {

    private Text() {}

    static Optional<String> some(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
