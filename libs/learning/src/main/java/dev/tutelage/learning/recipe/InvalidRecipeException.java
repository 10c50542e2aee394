package dev.tutelage.learning.recipe;

/** A recipe says something it cannot; the message names the field and what it may be. */
public class InvalidRecipeException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    public InvalidRecipeException(String message) {
        super(message);
    }

    InvalidRecipeException(String message, Throwable cause) {
        super(message, cause);
    }
}
