package dev.tutelage.gateway.fold;

import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.log.PlacedFact;
import dev.tutelage.platform.service.CatchUp;
import io.quarkus.arc.All;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * All that was ever said, folded. The gateway keeps nothing of its own: at every start it reads all facts from the beginning, as
 * a trigger does, and is ready when it has caught up.
 */
@ApplicationScoped
public class Facts {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Ledger ledger = new Ledger();
    private final List<Fold> folds;
    private final CatchUp catchUp;

    public Facts(@All List<Fold> folds, KafkaClientService kafka) {
        this.folds = List.copyOf(folds);
        this.catchUp = new CatchUp(kafka, "facts");
    }

    @Incoming("facts")
    void add(ConsumerRecord<String, byte[]> kafkaRecord) {
        catchUp.hand(kafkaRecord, this::add);
    }

    private void add(PlacedFact placed) {
        lock.writeLock().lock();
        try {
            ledger.add(placed.fact().payload(), placed.fact().time());
            folds.forEach(fold -> fold.add(placed));
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Reads from the ledger, and from folds, while no fact is added.
     *
     * @param reading returns what does not change with the ledger
     */
    public <T> T read(Function<Ledger, T> reading) {
        lock.readLock().lock();
        try {
            return reading.apply(ledger);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Whether everything has been read that was on Kafka when the gateway started. */
    public boolean isCaughtUp() {
        return catchUp.isDone();
    }
}
