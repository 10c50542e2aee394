package dev.tutelage.learning.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
                work.submit(() -> {
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
                work.submit(begun::incrementAndGet);
                assertThat(work.underWay()).isLessThanOrEqualTo(12);
            }
            work.drain();
            assertThat(work.underWay()).isZero();
        }
        assertThat(taken).hasValue(500);
    }

    @Test
    void whatTheWorkThrowsReachesTheCaller() {
        try (InOrder<Integer> work = new InOrder<>(1, result -> {})) {
            assertThatThrownBy(() -> {
                        work.submit(() -> {
                            throw new IOException("the disk is gone");
                        });
                        work.drain();
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessage("the disk is gone");
            assertThatThrownBy(() -> {
                        work.submit(() -> {
                            throw new IllegalStateException("no library");
                        });
                        work.drain();
                    })
                    .hasMessageContaining("no library");
        }
    }
}
