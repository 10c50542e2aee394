package dev.tutelage.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.RunProgressed;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CurveTest {

    private static RunProgressed progress(String phase, long step, double loss) {
        return RunProgressed.newBuilder()
                .setPhase(phase)
                .setStep(step)
                .setLoss(loss)
                .setLearningRate(0.1)
                .build();
    }

    @Test
    void aCurveKeepsAllPointsThatItHasRoomFor() {
        Curve curve = new Curve(10);
        LongStream.rangeClosed(1, 10).forEach(step -> curve.add(progress("pretrain", step, 1.0 / step)));
        assertThat(curve.points())
                .extracting(Curve.Point::step)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(curve.points().get(3).loss()).isEqualTo(0.25);
    }

    @Test
    void ofMorePointsThanThereIsRoomForTheWholeLengthStaysInSight() {
        Curve curve = new Curve(100);
        IntStream.rangeClosed(1, 10_000).forEach(step -> curve.add(progress("pretrain", step, step)));
        assertThat(curve.points()).hasSizeBetween(50, 100);
        assertThat(curve.points().get(0).step()).isEqualTo(1);
        assertThat(curve.points().get(curve.points().size() - 1).step()).isGreaterThan(9_700);
        assertThat(curve.points()).extracting(Curve.Point::step).isSorted();
        assertThat(curve.seen()).isEqualTo(10_000);
    }

    @Test
    void aRunThatGoesOnFromASnapshotForgetsWhatItDoesAgain() {
        Curve curve = new Curve(100);
        LongStream.rangeClosed(1, 8).forEach(step -> curve.add(progress("pretrain", step, 1)));
        curve.add(progress("pretrain", 5, 2));
        assertThat(curve.points()).extracting(Curve.Point::step).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(curve.points().get(4).loss()).isEqualTo(2);
    }

    @Test
    void aPhaseGoesOnWhereTheOneBeforeEnded() {
        Curve curve = new Curve(100);
        curve.add(progress("sweep 1/2", 10, 1));
        curve.add(progress("sweep 2/2", 3, 1));
        curve.add(progress("sweep 2/2", 10, 1));
        assertThat(curve.points()).extracting(Curve.Point::step).containsExactly(10L, 13L, 20L);
    }

    @Test
    void aLossThatIsNoNumberIsNoPoint() {
        Curve curve = new Curve(100);
        curve.add(progress("pretrain", 1, Double.NaN));
        assertThat(curve.points()).isEmpty();
    }
}
