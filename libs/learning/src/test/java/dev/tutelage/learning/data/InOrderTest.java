package dev.tutelage.learning.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InOrderTest {

    /** Every even piece of work can only end after the odd one that follows it, so one thread alone would never end. */
    @Test
    void resultsComeInTheOrderOfTheWorkThoughItEndsInAnother() throws IOException {
        List<Integer> results = new ArrayList<>();
        List<CountDownLatch> oddEnded =
                IntStream.range(0, 100).mapToObj(i -> new CountDownLatch(1)).toList();
        try (InOrder<Integer> work = new InOrder<>(2, results::add)) {
            for (int i = 0; i < 200; i++) {
                int number = i;
                CountDownLatch latch = oddEnded.get(i / 2);
                work.submit(1, () -> {
                    if (number % 2 == 0) {
                        latch.await();
                    } else {
                        latch.countDown();
                    }
                    return number;
                });
            }
            work.drain();
        }
        assertThat(results)
                .containsExactlyElementsOf(IntStream.range(0, 200).boxed().toList());
    }

    @Test
    void littleIsUnderWayAtATime() throws IOException {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        try (InOrder<Integer> work = new InOrder<>(3, result -> {
            assertThat(begun.get() - taken.getAndIncrement()).isLessThanOrEqualTo(12);
        })) {
            for (int i = 0; i < 500; i++) {
                work.submit(1, begun::incrementAndGet);
                assertThat(work.underWay()).isLessThanOrEqualTo(12);
            }
            work.drain();
            assertThat(work.underWay()).isZero();
        }
        assertThat(taken).hasValue(500);
    }

    @Test
    void largeWorkIsUnderWayInSmallNumbers() throws IOException {
        List<Long> results = new ArrayList<>();
        try (InOrder<Long> work = new InOrder<>(4, 100, results::add)) {
            for (long size : new long[] {10, 40, 50, 1, 200, 60, 60}) {
                work.submit(size, () -> size);
                assertThat(work.underWay())
                        .isEqualTo(Map.of(10L, 1, 40L, 2, 50L, 3, 1L, 3, 200L, 1, 60L, 1)
                                .get(size));
            }
            work.drain();
        }
        assertThat(results).containsExactly(10L, 40L, 50L, 1L, 200L, 60L, 60L);
    }

    @Test
    void whatTheWorkThrowsReachesTheCaller() {
        try (InOrder<Integer> work = new InOrder<>(1, result -> {})) {
            assertThatThrownBy(() -> {
                        work.submit(1, () -> {
                            throw new IOException("the disk is gone");
                        });
                        work.drain();
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessage("the disk is gone");
            assertThatThrownBy(() -> {
                        work.submit(1, () -> {
                            throw new IllegalStateException("no library");
                        });
                        work.drain();
                    })
                    .hasMessageContaining("no library");
        }
    }
}
