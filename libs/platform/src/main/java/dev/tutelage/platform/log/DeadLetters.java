package dev.tutelage.platform.log;

import com.google.protobuf.ByteString;
import dev.tutelage.event.v1.DeadLettered;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What becomes of records that cannot be processed: kept whole, with the reason, so that they can be replayed. */
public final class DeadLetters {

    private DeadLetters() {}

    /**
     * A dead letter for a record.
     *
     * @param service that gives up on it
     * @param reason what is wrong, where, and what to do
     */
    public static DeadLettered.Builder of(ConsumerRecord<String, byte[]> kafkaRecord, String service, String reason) {
        DeadLettered.Builder letter = DeadLettered.newBuilder()
                .setSourceTopic(kafkaRecord.topic())
                .setSourcePartition(kafkaRecord.partition())
                .setSourceOffset(kafkaRecord.offset())
                .putAllHeaders(Facts.rawHeaders(kafkaRecord))
                .setService(service)
                .setReason(reason);
        if (kafkaRecord.key() != null) {
            letter.setKey(ByteString.copyFromUtf8(kafkaRecord.key()));
        }
        if (kafkaRecord.value() != null) {
            letter.setValue(ByteString.copyFrom(kafkaRecord.value()));
        }
        return letter;
    }
}
