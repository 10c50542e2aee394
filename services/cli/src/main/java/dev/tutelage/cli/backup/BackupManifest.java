package dev.tutelage.cli.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a backup consists of: {@code manifest.json} beside the files that it names.
 *
 * @param format of the backup, {@link #FORMAT}
 * @param made when, RFC 3339 in UTC
 * @param partitions the topics' records
 * @param groups which requests are done
 * @param objects list of what the store held
 */
record BackupManifest(int format, String made, List<Partition> partitions, List<Group> groups, ObjectList objects) {
    static final int FORMAT = 1;
    static final String FILE = "manifest.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /**
     * The records of a partition.
     *
     * @param topicId Kafka's id of the topic, which stored outcomes name
     * @param file name of the file with the records
     * @param bytes size of the file
     * @param sha256 of the file
     */
    record Partition(
            String topic, String topicId, int partition, String file, long records, long bytes, String sha256) {}

    /**
     * How far a consumer group is with a partition.
     *
     * @param done records of the partition that it is done with, from the first
     */
    record Group(String group, String topic, int partition, long done) {}

    /**
     * The list of objects, a text file.
     *
     * @param file name of the file; each line is the SHA-256 of an object, its size and its name
     * @param objects number of lines
     * @param bytes of all objects
     * @param sha256 of the file
     */
    record ObjectList(String file, long objects, long bytes, String sha256) {}

    BackupManifest {
        partitions = List.copyOf(partitions);
        groups = List.copyOf(groups);
    }

    void write(Path directory) throws IOException {
        Files.writeString(directory.resolve(FILE), JSON.writeValueAsString(this) + "\n");
    }

    static BackupManifest read(Path directory) throws BackupException, IOException {
        Path file = directory.resolve(FILE);
        try {
            BackupManifest manifest = JSON.readValue(Files.readString(file), BackupManifest.class);
            if (manifest.format() != FORMAT) {
                throw new BackupException(file + ": the backup has format " + manifest.format()
                        + ", but this version reads " + FORMAT + ". Use the version of tutelage that wrote it");
            }
            return manifest;
        } catch (NoSuchFileException e) {
            throw new BackupException(file + " is missing: this is no backup. Take another one", e);
        } catch (JsonProcessingException e) {
            throw new BackupException(file + " is damaged: " + e.getOriginalMessage() + ". Take another backup", e);
        }
    }
}
