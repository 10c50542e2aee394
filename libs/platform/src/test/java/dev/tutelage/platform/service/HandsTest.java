package dev.tutelage.platform.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HandsTest {
    private final Hands hands = new Hands("test", 2);
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void end() {
        over.countDown();
    }

    @Test
    void thereIsAHandFreeUntilAllAreFull() {
        assertThat(hands.give(this::waitUntilOver)).isCompleted();
        assertThat(hands.give(this::waitUntilOver)).isNotCompleted();
    }

    @Test
    void theNextPieceIsAskedForWhenOneIsDone() throws Exception {
        assertThat(hands.give(this::waitUntilOver)).isCompleted();
        CountDownLatch first = new CountDownLatch(1);
        CompletableFuture<Void> next = hands.give(() -> await(first)).toCompletableFuture();
        first.countDown();
        next.get();
        assertThat(hands.give(this::waitUntilOver)).isNotCompleted();
    }

    @Test
    void aPieceThatFailsFreesItsHandToo() throws Exception {
        assertThat(hands.give(this::waitUntilOver)).isCompleted();
        CompletableFuture<Void> next = hands.give(() -> {
                    throw new IllegalStateException("on purpose");
                })
                .toCompletableFuture();
        next.get();
    }

    @Test
    void stoppingWaitsForTheWorkAtHandOrInterruptsIt() throws Exception {
        assertThat(hands.give(this::waitUntilOver)).isCompleted();
        assertThat(hands.stop(Instant.now())).isFalse();
        Hands idle = new Hands("idle", 1);
        assertThat(idle.stop(Instant.now().plusSeconds(10))).isTrue();
    }

    private void waitUntilOver() {
        await(over);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
