package dev.tutelage.cli.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What tells one state of a file from another without reading it.
 *
 * @param size in bytes
 * @param modified nanoseconds since 1970, as finely as the file system keeps them
 */
record FileStamp(long size, long modified) {

    static FileStamp of(BasicFileAttributes attributes) {
        return new FileStamp(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    }

    /** Of the file as it is now, if it is there. */
    static Optional<FileStamp> of(Path file) {
        try {
            return Optional.of(of(Files.readAttributes(file, BasicFileAttributes.class)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static FileStamp parse(String text) {
        int space = text.indexOf(' ');
        return new FileStamp(Long.parseLong(text.substring(0, space)), Long.parseLong(text.substring(space + 1)));
    }

    @Override
    public String toString() {
        return size + " " + modified;
    }
}
