package dev.tutelage.event;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * A fact as it lies on Kafka: CloudEvents 1.0 in binary content mode of the Kafka protocol binding.
 *
 * @param topic name of the topic
 * @param key record key
 * @param headers record headers, in UTF-8 on the wire
 * @param value the protobuf payload
 */
public record EventRecord(String topic, String key, Map<String, String> headers, ByteString value) {

    public EventRecord {
        headers = Map.copyOf(headers);
    }
}
