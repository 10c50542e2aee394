package dev.tutelage.cli.backup;

import dev.tutelage.platform.artifact.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A backup that was read from its first to its last byte.
 *
 * @param folder of the backup
 * @param objects that belong to it
 * @param manifest of it
 * @param problems what is wrong with it; empty if nothing
 */
record BackupCheck(Path folder, ObjectFolder objects, BackupManifest manifest, List<String> problems) {

    BackupCheck {
        problems = List.copyOf(problems);
    }

    /**
     * Checks the newest backup of a directory.
     *
     * @throws BackupException if there is none, or its manifest cannot be read
     */
    static BackupCheck of(Path path) throws IOException, BackupException {
        Path folder = BackupDirectory.newest(path)
                .orElseThrow(() -> new BackupException("There is no backup in " + path
                        + ". A backup that was interrupted does not count; take another one"));
        BackupManifest manifest = BackupManifest.read(folder);
        ObjectFolder objects = BackupDirectory.objects(path);
        List<String> problems = new ArrayList<>();
        for (BackupManifest.Partition partition : manifest.partitions()) {
            check(folder.resolve(partition.file()), partition.bytes(), partition.sha256(), problems);
        }
        Path list = folder.resolve(manifest.objects().file());
        if (check(list, -1, manifest.objects().sha256(), problems)) {
            ObjectList.read(
                    list,
                    entry -> check(
                            objects.file(entry.digest()),
                            entry.size(),
                            entry.digest().hex(),
                            problems));
        }
        if (problems.isEmpty()) {
            countRecords(folder, manifest, problems);
        }
        return new BackupCheck(folder, objects, manifest, problems);
    }

    private static void countRecords(Path folder, BackupManifest manifest, List<String> problems)
            throws IOException, BackupException {
        for (BackupManifest.Partition partition : manifest.partitions()) {
            long records = 0;
            try (RecordFile.Reader reader = new RecordFile.Reader(folder.resolve(partition.file()))) {
                while (reader.next().isPresent()) {
                    records++;
                }
            }
            if (records != partition.records()) {
                problems.add(folder.resolve(partition.file()) + " has " + records + " records, the manifest says "
                        + partition.records());
            }
        }
    }

    /** @param size that the file must have; -1: any */
    private static boolean check(Path file, long size, String sha256, List<String> problems) throws IOException {
        if (!Files.isRegularFile(file)) {
            problems.add(file + " is missing");
        } else if (size >= 0 && Files.size(file) != size) {
            problems.add(file + " has " + Files.size(file) + " bytes instead of " + size);
        } else if (!Digest.of(file).hex().equals(sha256)) {
            problems.add(file + " is damaged: its SHA-256 is not " + sha256);
        } else {
            return true;
        }
        return false;
    }

    /** @throws BackupException if anything is wrong */
    void requireIntact() throws BackupException {
        if (!problems.isEmpty()) {
            throw new BackupException("The backup " + folder + " is damaged in " + problems.size() + " places, first: "
                    + problems.get(0) + ". tutelage backup --verify lists them all; take another backup, or get the"
                    + " files from another copy");
        }
    }
}
