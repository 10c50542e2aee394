package dev.tutelage.gateway.upload;

/** What came of something in a request. */
sealed interface Item {

    /**
     * An image that can be used.
     *
     * @param name what its sender calls it
     * @param digest SHA-256 of its bytes, in hexadecimal
     */
    record Usable(String name, String digest) implements Item {}

    /**
     * Something that cannot.
     *
     * @param kind of reason, as docs/data.md lists them
     * @param detail what is wrong with it
     */
    record Refused(String name, String kind, String detail) implements Item {}
}
