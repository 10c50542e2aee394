package dev.tutelage.cli.ingest;

/**
 * Something of a source that was dealt with, as the journal remembers it.
 *
 * @param identity what it is; the same for as long as it is found in the same place
 * @param version which state of it, for what may change: of a file its size, time and digest
 */
record Entry(String identity, String version) {

    /** A file with one image, or with none of its own (a tar that was read to its end): then the digest is empty. */
    static Entry ofFile(String path, FileStamp stamp, String digest) {
        return new Entry(file(path), stamp + " " + digest);
    }

    static String file(String path) {
        return "file " + path;
    }
}
