package dev.tutelage.integration.failpoint;

import java.util.List;

/**
 * The moments in the life of a request at which a worker can be killed. This is the one table of where in the code they
 * are; a step of several places is reached at the last of them, when one thread has come by them in their order.
 */
@SuppressWarnings("ImmutableEnumChecker") // The list cannot be changed.
public enum Step {
    BEFORE_UPLOAD(Place.entryOf("dev.tutelage.platform.artifact.ArtifactStore", "put")),
    AFTER_UPLOAD(Place.exitOf("dev.tutelage.platform.artifact.ArtifactStore", "put")),
    BEFORE_OUTCOME(Place.entryOf("dev.tutelage.platform.run.RunRecords", "saveOutcome")),
    AFTER_OUTCOME(Place.exitOf("dev.tutelage.platform.run.RunRecords", "saveOutcome")),
    /** The facts are sent and the offset is in the transaction. Transactions that end no request have no offset. */
    BEFORE_COMMIT(
            Place.exitOf("org.apache.kafka.clients.producer.KafkaProducer", "sendOffsetsToTransaction"),
            Place.entryOf("org.apache.kafka.clients.producer.KafkaProducer", "commitTransaction")),
    /** The request is done, and its worker does not know yet. */
    AFTER_COMMIT(
            Place.exitOf("org.apache.kafka.clients.producer.KafkaProducer", "sendOffsetsToTransaction"),
            Place.exitOf("org.apache.kafka.clients.producer.KafkaProducer", "commitTransaction"));

    private final List<Place> places;

    Step(Place... places) {
        this.places = List.of(places);
    }

    List<Place> places() {
        return places;
    }

    /**
     * A place in the code.
     *
     * @param type the class's name
     * @param method the method's name; all methods of that name count
     * @param exit whether it is reached when the method returns, rather than when it is entered
     */
    record Place(String type, String method, boolean exit) {

        static Place entryOf(String type, String method) {
            return new Place(type, method, false);
        }

        static Place exitOf(String type, String method) {
            return new Place(type, method, true);
        }
    }
}
