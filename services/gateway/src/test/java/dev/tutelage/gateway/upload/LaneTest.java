package dev.tutelage.gateway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaneTest {
    private static final long LINGER = Duration.ofSeconds(2).toNanos();
    private static final long START = -5;

    @TempDir
    private Path directory;

    private UploadMaker maker;

    @BeforeEach
    void open() throws Exception {
        maker = new UploadMaker(directory);
    }

    @AfterEach
    void close() throws Exception {
        maker.close();
    }

    @Test
    void nothingIsDueWhereNothingWaits() {
        assertThat(new Lane().untilDue(START)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theFirstWaitsForOthersAsLongAsItMay() throws Exception {
        Lane lane = new Lane();
        assertThat(lane.add(maker.upload("a", 1), START)).isTrue();
        assertThat(lane.add(maker.upload("b", 1), START + LINGER / 2)).isFalse();
        assertThat(lane.untilDue(START + LINGER / 2)).isEqualTo(LINGER / 2);
        assertThat(lane.untilDue(START + LINGER)).isZero();
        assertThat(lane.take()).extracting(Upload::id).containsExactly("a", "b");
        assertThat(lane.untilDue(START + LINGER)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void itIsDueAtOnceWhenItHasEnoughImages() throws Exception {
        Lane lane = new Lane();
        lane.add(maker.upload("a", UploadMaker.SHARD_IMAGES - 1), START);
        assertThat(lane.untilDue(START)).isEqualTo(LINGER);
        lane.add(maker.upload("b", 1), START);
        assertThat(lane.untilDue(START)).isZero();
    }

    @Test
    void itIsDueAtOnceWhenItHasEnoughBytes() throws Exception {
        Lane lane = new Lane();
        lane.add(maker.upload("a", new byte[UploadMaker.SHARD_BYTES]), START);
        assertThat(lane.untilDue(START)).isZero();
    }
}
