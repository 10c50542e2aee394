package dev.tutelage.platform.trigger;

import com.google.protobuf.Message;
import dev.tutelage.event.Topic;
import dev.tutelage.platform.log.CausedFact;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.log.PlacedFact;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the triggers of a service take turns, so that what depends on more than the facts alone, such as the time of day,
 * is decided once.
 *
 * <p>They share one transactional id. Who takes it over ends what the one before has begun, and fences it off: that one can
 * commit nothing any more. Who has it then reads all that was ever said, decides on that, and commits; if another has taken
 * its turn meanwhile, the commit is refused, and nothing was said. It is compare-and-set on the log. Not thread-safe.
 */
public final class Turn implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);
    private static final int ATTEMPTS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Map<String, Object> kafka;
    private final FactLog log;
    private final List<Topic> topics;
    private boolean held;

    /**
     * Among the triggers of a service, or of a person who decides what they would: the transactional id is the service's.
     *
     * @param kafka connection settings of the Kafka client
     * @param source who speaks, such as {@code /tutelage/labeler}
     * @param topics of the facts that are decided on
     */
    public static Turn of(String service, String source, Map<String, Object> kafka, Collection<Topic> topics) {
        String transactionalId = "tutelage-" + service + "-trigger";
        return new Turn(kafka, new FactLog(kafka, source, transactionalId, Clock.systemUTC()), topics);
    }

    /**
     * @param kafka connection settings of the Kafka client
     * @param log with the transactional id of the service's triggers
     * @param topics of the facts that are decided on
     */
    Turn(Map<String, Object> kafka, FactLog log, Collection<Topic> topics) {
        this.kafka = Map.copyOf(kafka);
        this.log = log;
        this.topics = List.copyOf(topics);
    }

    /**
     * Takes the turn, unless it is had already, and reads on to the end of the log.
     *
     * @param next offset of each partition up to which the facts are known; of the others none is
     * @param taker is given what is not, in the order of each partition
     * @return whether the end was reached: while others have transactions open, it may not be
     * @throws NotPublishedException if Kafka cannot be asked
     */
    public boolean take(Map<TopicPartition, Long> next, Consumer<PlacedFact> taker) throws NotPublishedException {
        if (!held) {
            log.settle();
            held = true;
            LOG.info("It is this trigger's turn");
        }
        try (FactReader reader = FactReader.after(kafka, topics, next)) {
            return reader.readPastAll(PATIENCE, taker);
        } catch (KafkaException e) {
            throw new NotPublishedException("nothing yet", e);
        }
    }

    /**
     * Takes the turn, as {@link #take} does, and reads on until the end is reached.
     *
     * @param next is asked again where it takes more than one attempt
     * @throws NotPublishedException if Kafka cannot be asked, or others have transactions open all the time
     */
    public void takeToEnd(Supplier<Map<TopicPartition, Long>> next, Consumer<PlacedFact> taker)
            throws NotPublishedException {
        for (int attempt = 1; !take(next.get(), taker); attempt++) {
            if (attempt == ATTEMPTS) {
                throw new NotPublishedException(
                        "nothing yet", new IllegalStateException("the log could not be read to its end"));
            }
        }
    }

    /**
     * Says what was decided, all or none.
     *
     * @throws NotPublishedException if another trigger has taken its turn since, or it is not known to be said. Either way it
     *     must be decided again
     */
    public void say(List<? extends Message> decided) throws NotPublishedException {
        sayCaused(CausedFact.now(decided));
    }

    /**
     * The same for facts that came about in different ways.
     *
     * @throws NotPublishedException as {@link #say}
     */
    void sayCaused(List<CausedFact> decided) throws NotPublishedException {
        if (!held) {
            throw new IllegalStateException("A turn must be taken before anything is said in it");
        }
        // Until it is known to be said, the turn may be another's.
        held = false;
        log.publishCaused(decided, List.of());
        held = true;
    }

    @Override
    public void close() {
        log.close();
    }
}
