package dev.tutelage.platform.run;

import dev.tutelage.platform.log.ConsumedRequest;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** A worker's hold on a request: it lasts for as long as the request's partition stays with this consumer. */
public interface Lease {

    /** Where the request lies. */
    TopicPartition partition();

    /** Where the request lies in its partition. */
    long offset();

    /** Whether the partition is still this consumer's, without a break since the request was taken. */
    boolean isHeld();

    /**
     * The request with the consumer's current standing in its group, for the transaction that ends the request; empty once
     * the lease is lost.
     */
    Optional<ConsumedRequest> request();
}
