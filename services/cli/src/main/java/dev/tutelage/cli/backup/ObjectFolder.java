package dev.tutelage.cli.backup;

import dev.tutelage.platform.artifact.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Objects under their SHA-256, {@code objects/<2 digits>/<digest>}: what an earlier backup copied need not be copied again.
 *
 * @param directory that holds them
 */
record ObjectFolder(Path directory) {

    Path file(Digest digest) {
        return directory.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    }

    /** Whether those bytes are there, read to be sure. */
    boolean holds(Digest digest) throws IOException {
        Path file = file(digest);
        return Files.isRegularFile(file) && Digest.of(file).equals(digest);
    }

    /** Takes a file over. */
    void adopt(Path file, Digest digest) throws IOException {
        Path target = file(digest);
        Files.createDirectories(target.getParent());
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes objects that no backup needs any more. */
    void keepOnly(Predicate<Digest> needed) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Iterator<Path> each = files.filter(Files::isRegularFile).iterator(); each.hasNext(); ) {
                Path file = each.next();
                String name = file.getFileName().toString();
                if (name.matches("[0-9a-f]{64}") && !needed.test(new Digest(name))) {
                    Files.delete(file);
                }
            }
        }
    }
}
