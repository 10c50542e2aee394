package dev.tutelage.learning.data;

/** What a source says that an image shows. */
public sealed interface SourceLabel {

    /** By the class's name. */
    record Name(String name) implements SourceLabel {}

    /** By the class's number, from 0. */
    record Index(int index) implements SourceLabel {}
}
