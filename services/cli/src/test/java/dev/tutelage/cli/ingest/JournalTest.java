package dev.tutelage.cli.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final Journal.Purpose PURPOSE = new Journal.Purpose("birds", "/photographs", false, "train");
    private static final FileStamp STAMP = new FileStamp(12, 1_700_000_000_123_456_789L);
    private static final Entry WREN = Entry.ofFile("wren.png", STAMP, "ab12");
    private static final SealedShard SHARD = new SealedShard(0, "cd34", 1);

    @TempDir
    private Path directory;

    @Test
    void whatIsSealedStaysAndIsPendingUntilItIsDone() throws IOException {
        String id;
        try (Journal journal = open()) {
            id = journal.id();
            assertThat(journal.nextShard()).isZero();
            assertThat(journal.holds(WREN)).isFalse();
            Files.write(journal.shard(0), new byte[] {1});
            journal.seal(SHARD, List.of(WREN));
        }
        try (Journal journal = open()) {
            assertThat(journal.id()).isEqualTo(id);
            assertThat(journal.nextShard()).isEqualTo(1);
            assertThat(journal.holds(WREN)).isTrue();
            assertThat(journal.pending()).containsExactly(SHARD);
            assertThat(journal.shard(0)).exists();
            journal.done(SHARD);
            assertThat(journal.shard(0)).doesNotExist();
        }
        try (Journal journal = open()) {
            assertThat(journal.pending()).isEmpty();
            assertThat(journal.holds(WREN)).isTrue();
        }
    }

    @Test
    void aFileIsKnownByItsTimeOrByItsContent() throws IOException {
        try (Journal journal = open()) {
            journal.seal(SHARD, List.of(WREN));
            FileStamp touched = new FileStamp(12, STAMP.modified() + 1);
            assertThat(journal.holdsFile("wren.png", STAMP)).isTrue();
            assertThat(journal.holdsFile("wren.png", touched)).isFalse();
            assertThat(journal.holdsFile("robin.png", STAMP)).isFalse();
            assertThat(journal.holdsContent("wren.png", "ab12")).isTrue();
            assertThat(journal.holdsContent("wren.png", "ab13")).isFalse();
            assertThat(journal.holdsContent("robin.png", "ab12")).isFalse();
            journal.note(List.of(Entry.ofFile("wren.png", touched, "ab12")));
            assertThat(journal.holdsFile("wren.png", touched)).isTrue();
        }
    }

    @Test
    void aShardThatWasNotSealedIsRemoved() throws IOException {
        Path unfinished;
        try (Journal journal = open()) {
            unfinished = journal.shard(0);
            Files.write(unfinished, new byte[] {1});
        }
        try (Journal journal = open()) {
            assertThat(journal.pending()).isEmpty();
            assertThat(unfinished).doesNotExist();
        }
    }

    @Test
    void itHasOneUserAtATime() throws IOException {
        try (Journal journal = open()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(this::open)
                    .withMessageStartingWith("Another tutelage ingests this source into this task right now")
                    .withMessageContaining(journal.directory().toString());
        }
        open().close();
    }

    @Test
    void itHasOnePurpose() throws IOException {
        open().close();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Journal.open(directory, new Journal.Purpose("birds", "/photographs", true, "train")))
                .withMessageContaining("labeled=false")
                .withMessageContaining("--journal");
        assertThat(Journal.directory(directory, PURPOSE))
                .isNotEqualTo(Journal.directory(directory, new Journal.Purpose("birds", "-", false, "train")))
                .hasParentRaw(directory.resolve("ingest"));
    }

    @Test
    void aDamagedJournalIsTold() throws IOException {
        open().close();
        Files.write(directory.resolve("journal.mv"), new byte[20_000]);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::open)
                .withMessageStartingWith("The journal in " + directory + " cannot be opened");
    }

    private Journal open() throws IOException {
        return Journal.open(directory, PURPOSE);
    }
}
