package dev.tutelage.cli.ingest;

import java.nio.file.Path;

/** Where an image comes from, which tells whether it was ingested before. */
sealed interface Origin {

    /** What people find the image by. */
    String name(String key);

    /** How the journal knows the image. */
    Entry entry(String key, String digest);

    /**
     * A file of its own.
     *
     * @param path from the source on, which is how the journal knows it wherever the source is mounted
     * @param stamp of the file when it was found
     */
    record OfFile(Path file, String path, FileStamp stamp) implements Origin {
        @Override
        public String name(String key) {
            return path;
        }

        @Override
        public Entry entry(String key, String digest) {
            return Entry.ofFile(path, stamp, digest);
        }

        /** Whether the file is as it was when it was found. */
        boolean isUnchanged() {
            return FileStamp.of(file).filter(stamp::equals).isPresent();
        }
    }

    /**
     * A part of something larger: a tar, a table, a file of many images.
     *
     * @param container its path from the source on; empty for the source itself
     */
    record OfSample(String container) implements Origin {
        @Override
        public String name(String key) {
            return container.isEmpty() ? key : container + "!" + key;
        }

        @Override
        public Entry entry(String key, String digest) {
            return new Entry("sample " + digest + " " + container + "!" + key, "");
        }
    }
}
