package dev.tutelage.cli.ingest;

/**
 * A shard that is whole and will not change.
 *
 * @param number counts up within a journal
 * @param digest SHA-256 of its bytes, in hex
 * @param images in it
 */
record SealedShard(long number, String digest, int images) {

    static SealedShard parse(long number, String text) {
        int space = text.indexOf(' ');
        return new SealedShard(number, text.substring(0, space), Integer.parseInt(text.substring(space + 1)));
    }

    String text() {
        return digest + " " + images;
    }
}
