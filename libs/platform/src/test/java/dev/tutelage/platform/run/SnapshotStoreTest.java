package dev.tutelage.platform.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SnapshotStoreTest {
    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    @TempDir
    Path folder;

    private final String runId = LocalKafka.unique("run");
    private final MovedClock clock = new MovedClock();
    private final SnapshotAges ages = new SnapshotAges(clock);
    private final ArtifactStore objects = S3.store();
    private SnapshotStore snapshots;

    @BeforeEach
    void open() {
        snapshots = ofAttempt(1);
    }

    private SnapshotStore ofAttempt(int attempt) {
        return new SnapshotStore(objects, runId, attempt, folder.resolve("fetched"), ages);
    }

    @Test
    void theAgeIsThatOfWhatWasSavedLastUntilTheRunEnds() throws IOException {
        clock.move(5);
        assertThat(ages.oldest()).as("a run that asks for none does not count").isZero();
        assertThat(snapshots.fetchNewestFirst()).isEmpty();
        clock.move(30);
        assertThat(ages.oldest()).as("from the beginning").isEqualTo(30);
        save(1, "one");
        assertThat(ages.oldest()).isZero();
        clock.move(12);
        new SnapshotStore(objects, LocalKafka.unique("run"), 1, folder.resolve("other"), ages).fetchNewestFirst();
        clock.move(3);
        assertThat(ages.oldest()).as("the older of two runs").isEqualTo(15);
        ages.end(runId);
        assertThat(ages.oldest()).isEqualTo(3);
    }

    /** A clock that goes on when it is told to. */
    private static final class MovedClock extends Clock {
        private Instant now = Instant.EPOCH;

        void move(long seconds) {
            now = now.plusSeconds(seconds);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.fixed(now, zone);
        }
    }

    @Test
    void aNewRunHasNone() throws IOException {
        assertThat(snapshots.fetchNewestFirst()).isEmpty();
    }

    @Test
    void theNewestComesFirstAndTwoAreKept() throws IOException {
        save(9, "nine");
        save(100, "hundred");
        save(1000, "thousand");
        assertThat(snapshots.fetchNewestFirst()).map(Files::readString).containsExactly("thousand", "hundred");
        assertThat(objects.list("runs/" + runId + "/snapshots/"))
                .containsExactly(name(1, 100, "hundred"), name(2, 1000, "thousand"));
    }

    @Test
    void anOlderIntactOneStandsInForADamagedOne() throws IOException {
        save(1, "one");
        save(2, "two");
        objects.putNamed(name(1, 2, "two"), "tw".getBytes(UTF_8));
        assertThat(snapshots.fetchNewestFirst()).map(Files::readString).containsExactly("one");
    }

    @Test
    void whereAllAreDamagedTheRunBeginsAgain() throws IOException {
        save(1, "one");
        objects.putNamed(name(0, 1, "one"), new byte[0]);
        assertThat(snapshots.fetchNewestFirst()).isEmpty();
    }

    /** A run of several phases counts its steps from 0 in each. */
    @Test
    void theNewestIsTheOneThatWasSavedLastWhateverItsStep() throws IOException {
        save(5, "end of the first phase");
        save(1, "begin of the second phase");
        assertThat(snapshots.fetchNewestFirst())
                .map(Files::readString)
                .containsExactly("begin of the second phase", "end of the first phase");
    }

    /** A worker that has lost the run and does not know yet. */
    @Test
    void whatAnEarlierAttemptSavesLateIsOlder() throws IOException {
        save(5, "five");
        SnapshotStore next = ofAttempt(2);
        next.save(6, Files.writeString(folder.resolve("snapshot"), "six"));
        save(40, "of one that was left behind");
        assertThat(next.fetchNewestFirst()).map(Files::readString).startsWith("six");
        next.save(7, Files.writeString(folder.resolve("snapshot"), "seven"));
        assertThat(ofAttempt(3).fetchNewestFirst()).map(Files::readString).containsExactly("seven", "six");
    }

    /** Earlier versions counted from 0. */
    @Test
    void snapshotsOfEarlierVersionsAreOlder() throws IOException {
        objects.putNamed(name(-999_997, 9, "nine"), "nine".getBytes(UTF_8));
        save(10, "ten");
        assertThat(snapshots.fetchNewestFirst()).map(Files::readString).containsExactly("ten", "nine");
    }

    @Test
    void whatIsNoSnapshotPushesNoneOutAndIsLeftAlone() throws IOException {
        objects.putNamed("runs/" + runId + "/snapshots/notes-1.txt", "by hand".getBytes(UTF_8));
        objects.putNamed("runs/" + runId + "/snapshots/notes-2.txt", "by hand".getBytes(UTF_8));
        save(1, "one");
        save(2, "two");
        assertThat(snapshots.fetchNewestFirst()).map(Files::readString).containsExactly("two", "one");
        assertThat(objects.list("runs/" + runId + "/snapshots/notes")).hasSize(2);
    }

    private void save(long step, String content) throws IOException {
        snapshots.save(step, Files.writeString(folder.resolve("snapshot"), content));
    }

    private String name(int sequence, long step, String content) {
        return "runs/%s/snapshots/%012d-%d-%s"
                .formatted(runId, 1_000_000 + sequence, step, Digest.of(content.getBytes(UTF_8)));
    }
}
