package dev.tutelage.platform.run;

import com.google.protobuf.Message;
import dev.tutelage.platform.log.CausedFact;
import dev.tutelage.platform.log.ConsumedRequest;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends requests: their facts and their offsets in one transaction, which takes along all requests that have ended while
 * the last one was under way.
 *
 * <p>Where it is not known how a transaction ended, the broker is asked whether its offsets are committed before anything
 * is said again.
 *
 * <p>An offset stands for all before it in its partition. So requests of a partition end in the order in which they were
 * taken, however their work ended: one waits until those before it are done, and is left if one before it is.
 */
public final class GroupCommit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    /** How long what is only for people waits for a transaction that goes its way. */
    private static final Duration ASIDE = Duration.ofMillis(200);
    /** Requests of one transaction, so that it is done long before its timeout. */
    private static final int LARGEST = 64;

    private static final int CLOSING_SECONDS = 3;

    private final FactLog log;
    private final Map<TopicPartition, Deque<Taken>> partitions = new HashMap<>();
    private final List<CausedFact> asides = new ArrayList<>();
    /** Used by the committing thread alone: whether it is not known how the last transaction ended. */
    private boolean unsure;

    private final ScheduledExecutorService committer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "commit"));

    public GroupCommit(FactLog log) {
        this.log = log;
    }

    /** A request that was taken and has not come to its end. */
    private static final class Taken {
        private final Lease lease;
        private final CompletableFuture<RunProtocol.Ending> ending = new CompletableFuture<>();
        private List<CausedFact> facts = List.of();
        private Stand stand = Stand.AT_WORK;

        Taken(Lease lease) {
            this.lease = lease;
        }

        boolean isAt(ConsumedRequest request) {
            return request.partition().equals(lease.partition()) && request.offset() == lease.offset();
        }
    }

    private enum Stand {
        AT_WORK,
        ENDED,
        LEFT
    }

    /** Takes note that a request was taken; those of a partition in the order of their offsets. */
    public synchronized void take(Lease lease) {
        partitions
                .computeIfAbsent(lease.partition(), none -> new ArrayDeque<>())
                .addLast(new Taken(lease));
    }

    /**
     * Ends a request with these facts. Returns once they and the request's offset are committed, or it is certain that this
     * worker cannot do that any more.
     */
    RunProtocol.Ending end(Lease lease, List<? extends Message> facts) throws InterruptedException {
        Taken taken = note(lease, Stand.ENDED, CausedFact.now(facts));
        soon(Duration.ZERO);
        try {
            return taken.ending.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Requests cannot be ended", e.getCause());
        }
    }

    /** Leaves a request, and with it all later ones of its partition, for whoever gets the partition next. */
    RunProtocol.Ending leave(Lease lease) {
        note(lease, Stand.LEFT, List.of());
        soon(Duration.ZERO);
        return RunProtocol.Ending.LEFT;
    }

    /** Says facts that are only for people: soon, unless the process dies before. */
    synchronized void say(Message fact) {
        asides.addAll(CausedFact.now(List.of(fact)));
        soon(ASIDE);
    }

    private synchronized Taken note(Lease lease, Stand stand, List<CausedFact> facts) {
        Taken taken = partitions.getOrDefault(lease.partition(), new ArrayDeque<>()).stream()
                .filter(each -> each.lease == lease)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The request at " + lease.partition() + " offset "
                        + lease.offset() + " was not taken, or has ended"));
        taken.stand = stand;
        taken.facts = facts;
        return taken;
    }

    private void soon(Duration delay) {
        try {
            // Its failures are dealt with inside.
            ScheduledFuture<?> unused =
                    committer.schedule(this::commitWhatHasEnded, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("Nothing is committed after closing", closed);
        }
    }

    private void commitWhatHasEnded() {
        try {
            if (unsure) {
                takeNoteOfWhatIsDone();
            }
            List<Taken> ended = endedInOrder();
            List<ConsumedRequest> requests = requests(ended);
            List<CausedFact> facts = takeAsides();
            int asidesTaken = facts.size();
            ended.forEach(taken -> facts.addAll(taken.facts));
            if (requests.size() < ended.size()) {
                // One of them was lost just now: sort out again which.
                giveBack(facts.subList(0, asidesTaken));
                soon(Duration.ZERO);
            } else if (!facts.isEmpty() || !requests.isEmpty()) {
                commit(facts, asidesTaken, requests, ended);
            }
        } catch (NotPublishedException e) {
            LOG.warn("Will say it again: {}", e.getMessage());
            soon(PAUSE_AFTER_FAILURE);
        } catch (RuntimeException e) {
            LOG.error("Committing failed; it is tried again", e);
            soon(PAUSE_AFTER_FAILURE);
        }
    }

    private void commit(List<CausedFact> facts, int asidesTaken, List<ConsumedRequest> requests, List<Taken> ended)
            throws NotPublishedException {
        try {
            log.publishCaused(facts, requests);
        } catch (NotPublishedException e) {
            unsure = true;
            giveBack(facts.subList(0, asidesTaken));
            throw e;
        }
        remove(ended, RunProtocol.Ending.DONE);
        if (ended.size() == LARGEST) {
            soon(Duration.ZERO);
        }
    }

    /** A commit may have succeeded though its answer was lost. */
    private void takeNoteOfWhatIsDone() throws NotPublishedException {
        List<Taken> ended = endedInOrder();
        List<Taken> done = new ArrayList<>();
        Set<ConsumedRequest> committed = log.done(requests(ended));
        for (Taken taken : ended) {
            if (committed.stream().anyMatch(request -> taken.isAt(request))) {
                LOG.info(
                        "The request at {} offset {} was done after all",
                        taken.lease.partition(),
                        taken.lease.offset());
                done.add(taken);
            }
        }
        remove(done, RunProtocol.Ending.DONE);
        unsure = false;
    }

    private static List<ConsumedRequest> requests(List<Taken> ended) {
        return ended.stream().flatMap(taken -> taken.lease.request().stream()).toList();
    }

    /** What can be committed now. On the way, those that can no longer be are let go. */
    private synchronized List<Taken> endedInOrder() {
        List<Taken> ended = new ArrayList<>();
        List<Taken> lost = new ArrayList<>();
        for (Deque<Taken> partition : partitions.values()) {
            Stand before = Stand.ENDED;
            for (Taken taken : partition) {
                if (!taken.lease.isHeld()) {
                    if (taken.stand != Stand.AT_WORK) {
                        lost.add(taken);
                    }
                } else if (before == Stand.LEFT && taken.stand == Stand.ENDED) {
                    lost.add(taken);
                } else if (before == Stand.ENDED) {
                    before = taken.stand;
                    if (taken.stand == Stand.ENDED && ended.size() < LARGEST) {
                        ended.add(taken);
                    }
                }
            }
        }
        remove(lost, RunProtocol.Ending.LEFT);
        return ended;
    }

    private synchronized void remove(List<Taken> some, RunProtocol.Ending ending) {
        for (Taken taken : some) {
            Optional.ofNullable(partitions.get(taken.lease.partition())).ifPresent(partition -> {
                partition.remove(taken);
            });
            taken.ending.complete(ending);
        }
        for (Iterator<Deque<Taken>> each = partitions.values().iterator(); each.hasNext(); ) {
            if (each.next().isEmpty()) {
                each.remove();
            }
        }
    }

    private synchronized List<CausedFact> takeAsides() {
        List<CausedFact> taken = new ArrayList<>(asides);
        asides.clear();
        return taken;
    }

    private synchronized void giveBack(List<CausedFact> some) {
        asides.addAll(0, some);
    }

    /** Commits what has ended; what has not is taken again by another worker. */
    @Override
    public void close() {
        committer.shutdown();
        try {
            if (!committer.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                committer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            committer.shutdownNow();
        }
        synchronized (this) {
            partitions
                    .values()
                    .forEach(partition -> partition.forEach(taken -> {
                        taken.ending.complete(RunProtocol.Ending.LEFT);
                    }));
        }
    }
}
