package dev.tutelage.cli.chaos;

import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.FactReader;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;

/** Watches, as any consumer that reads committed, which runs are asked for and end. */
public final class Progress implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final FactReader reader;
    private final Thread thread = new Thread(this::watch, "progress");
    private final Map<Key, String> open = new HashMap<>();
    private final Set<Key> ended = new HashSet<>();
    /** By service: when a run of it was last seen to end. */
    private final Map<String, Long> lastEnd = new HashMap<>();

    private long lastFact = System.nanoTime();
    private volatile boolean closed;

    private record Key(String run, int retry) {}

    public Progress(Map<String, Object> kafka) {
        Set<Topic> topics = EnumSet.allOf(Topic.class);
        topics.remove(Topic.RUN_PROGRESS);
        this.reader = new FactReader(kafka, topics);
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (!closed) {
            try {
                reader.poll(POLL).stream().map(Fact::payload).forEach(this::add);
            } catch (KafkaException e) {
                System.err.println("Facts cannot be read: " + e.getMessage());
            }
        }
        reader.close();
    }

    private synchronized void add(Message fact) {
        lastFact = System.nanoTime();
        if (fact instanceof RunChanged run) {
            Key key = new Key(run.getRunId(), run.getRetry());
            if (TaskLedger.isTerminal(run.getState())) {
                open.remove(key);
                ended.add(key);
                lastEnd.put(serviceOf(run.getStage()), lastFact);
            } else if (!ended.contains(key)) {
                open.put(key, serviceOf(run.getStage()));
            }
        }
    }

    private static String serviceOf(Stage stage) {
        return switch (stage) {
            case STAGE_PRETRAIN -> "pretrainer";
            case STAGE_FINE_TUNE, STAGE_SUPERVISED -> "fine-tuner";
            case STAGE_LABEL -> "labeler";
            case STAGE_DISTILL, STAGE_SELF_DISTILL -> "student-trainer";
            case STAGE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    /**
     * Whether a run has ended since, or there is none to end.
     *
     * @param service whose runs; empty for those of any
     * @param since as of {@link System#nanoTime}
     */
    public synchronized boolean hasGoneOn(Optional<String> service, long since) {
        boolean hasEnded = lastEnd.entrySet().stream()
                .anyMatch(end -> service.map(end.getKey()::equals).orElse(true) && end.getValue() - since > 0);
        boolean hasNone =
                open.values().stream().noneMatch(of -> service.map(of::equals).orElse(true));
        return hasEnded || hasNone;
    }

    /** Whether no run is open and nothing was said for so long. */
    public synchronized boolean isQuiet(Duration silence) {
        return open.isEmpty() && System.nanoTime() - lastFact > silence.toNanos();
    }

    /** Runs that were asked for and have not ended. */
    public synchronized int open() {
        return open.size();
    }

    /** Runs that have ended. */
    public synchronized int ended() {
        return ended.size();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
