package dev.tutelage.control.letter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.tutelage.control.run.KnownRun;
import dev.tutelage.control.run.KnownRuns;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.event.v1.DeadLetterReplayed;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Puts what dead letters are about in its place again, each in one transaction with the fact that says so. */
public final class Replay {
    private final KnownRuns runs;
    private final FactLog log;
    private final String by;
    /** Several letters may be about one run, which is asked for once. */
    private final Set<String> askedFor = new HashSet<>();

    /** @param by who wants it */
    public Replay(KnownRuns runs, FactLog log, String by) {
        this.runs = runs;
        this.log = log;
        this.by = by;
    }

    /**
     * Replays one.
     *
     * @return what was done, for people
     * @throws RefusedException if that would do nothing good; the message says what would
     */
    public String replay(Letter letter) throws RefusedException, NotPublishedException {
        if (!letter.isOpen()) {
            throw new RefusedException(
                    "Dead letter " + letter.offset() + " was replayed before, or its run was asked for again, at "
                            + letter.replayed().orElseThrow());
        } else if (letter.isAboutRun()) {
            return askAgain(letter);
        }
        return sayAgain(letter);
    }

    private String askAgain(Letter letter) throws RefusedException, NotPublishedException {
        String id = letter.fact().getRunId();
        List<Message> facts = new ArrayList<>(askedFor.contains(id) ? List.of() : facts(letter, id));
        facts.add(replayed(letter));
        log.publish(facts);
        askedFor.add(id);
        return "run " + id + " was asked for again";
    }

    private List<Message> facts(Letter letter, String id) throws RefusedException {
        KnownRun run = runs.run(id)
                .orElseThrow(() -> new RefusedException(
                        "Run " + id + " of dead letter " + letter.offset() + " is not on Kafka any more"));
        if (run.hasSucceeded()) {
            throw new RefusedException("Dead letter " + letter.offset() + " is about run " + id
                    + ", which has succeeded. What it left out stays out of shards that are in: repair those images and"
                    + " bring them in with tutelage ingest; tutelage dead-letters show " + letter.offset()
                    + " lists them");
        }
        return run.askAgain();
    }

    private String sayAgain(Letter letter) throws NotPublishedException {
        DeadLettered fact = letter.fact();
        // A letter does not tell an empty key or value from one that was not there; neither is a request.
        ProducerRecord<String, byte[]> again = new ProducerRecord<>(
                fact.getSourceTopic(),
                fact.getKey().isEmpty() ? null : fact.getKey().toString(UTF_8),
                fact.getValue().toByteArray());
        fact.getHeadersMap().forEach((name, value) -> again.headers().add(name, bytes(value)));
        log.publishAgain(again, List.of(replayed(letter)));
        return "the record was put on " + fact.getSourceTopic() + " again";
    }

    private static byte[] bytes(ByteString value) {
        return value.toByteArray();
    }

    private DeadLetterReplayed replayed(Letter letter) {
        return DeadLetterReplayed.newBuilder()
                .setDeadLetterOffset(letter.offset())
                .setRunId(letter.fact().getRunId())
                .setBy(by)
                .build();
    }
}
