package dev.tutelage.platform.log;

/** Where a record lies on Kafka. */
public record Place(String topic, int partition, long offset) {

    /** As people and tools write it: {@code topic-partition@offset}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
