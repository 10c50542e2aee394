package dev.tutelage.cli.backup;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tutelage.event.v1.BackedUpHeader;
import dev.tutelage.event.v1.BackedUpRecord;
import dev.tutelage.platform.artifact.Digest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** The records of one partition in a file: {@link BackedUpRecord}s, each after its length. */
final class RecordFile {

    private RecordFile() {}

    /** Writes records; the file's digest is known when it is closed. */
    static final class Writer implements AutoCloseable {
        private final MessageDigest sha256 = Digest.sha256();
        private final OutputStream out;
        private long records;

        Writer(Path file) throws IOException {
            out = new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), sha256);
        }

        void write(BackedUpRecord backedUp) throws IOException {
            backedUp.writeDelimitedTo(out);
            records++;
        }

        long records() {
            return records;
        }

        /** Of all that was written; to be asked once. */
        Digest digest() {
            return Digest.of(sha256);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Reads records in their order. */
    static final class Reader implements AutoCloseable {
        private final Path file;
        private final InputStream in;

        Reader(Path file) throws IOException {
            this.file = file;
            this.in = new BufferedInputStream(Files.newInputStream(file));
        }

        /** The next record; empty after the last. */
        Optional<BackedUpRecord> next() throws IOException, BackupException {
            try {
                return Optional.ofNullable(BackedUpRecord.parseDelimitedFrom(in));
            } catch (InvalidProtocolBufferException e) {
                throw new BackupException(
                        file + " holds something that is no record: " + e.getMessage() + ". Take another backup", e);
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** A record as it is kept. */
    static BackedUpRecord of(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        BackedUpRecord.Builder kept =
                BackedUpRecord.newBuilder().setOffset(kafkaRecord.offset()).setTimestamp(kafkaRecord.timestamp());
        Optional.ofNullable(kafkaRecord.key()).map(ByteString::copyFrom).ifPresent(kept::setKey);
        Optional.ofNullable(kafkaRecord.value()).map(ByteString::copyFrom).ifPresent(kept::setValue);
        for (Header header : kafkaRecord.headers()) {
            BackedUpHeader.Builder keptHeader = kept.addHeadersBuilder().setName(header.key());
            Optional.ofNullable(header.value()).map(ByteString::copyFrom).ifPresent(keptHeader::setValue);
        }
        return kept.build();
    }

    /** The record to send for one that was kept. */
    static ProducerRecord<byte[], byte[]> toSend(TopicPartition partition, BackedUpRecord kept) {
        ProducerRecord<byte[], byte[]> kafkaRecord = new ProducerRecord<>(
                partition.topic(),
                partition.partition(),
                kept.getTimestamp(),
                kept.hasKey() ? kept.getKey().toByteArray() : null,
                kept.hasValue() ? kept.getValue().toByteArray() : null);
        for (BackedUpHeader header : kept.getHeadersList()) {
            kafkaRecord
                    .headers()
                    .add(header.getName(), header.hasValue() ? header.getValue().toByteArray() : null);
        }
        return kafkaRecord;
    }
}
