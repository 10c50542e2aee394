package dev.tutelage.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SayTest {

    @Test
    void quantitiesAreReadable() {
        assertThat(Say.count(12_000, "shard")).isEqualTo("12,000 shards");
        assertThat(Say.count(1, "shard")).isEqualTo("1 shard");
        assertThat(Say.number(0.12345)).isEqualTo("0.1235");
        assertThat(Say.number(0.0000123)).isEqualTo("1.23e-05");
        assertThat(Say.number(1234.5)).isEqualTo("1,235");
        assertThat(Say.number(Double.NaN)).isEqualTo(Say.NOTHING);
        assertThat(Say.percent(73.7)).isEqualTo("73.70 %");
        assertThat(Say.bytes(1536)).isEqualTo("1.5 KiB");
    }

    @Test
    void lengthsOfTimeHaveAboutTwoDigits() {
        assertThat(Say.seconds(4.25)).isEqualTo("4.3 s");
        assertThat(Say.seconds(250)).isEqualTo("4 min 10 s");
        assertThat(Say.seconds(7_500)).isEqualTo("2 h 5 min");
        assertThat(Say.seconds(Double.POSITIVE_INFINITY)).isEqualTo(Say.NOTHING);
    }

    @Test
    void momentsAreInUtc() {
        assertThat(Say.when(Instant.parse("2026-03-01T12:00:01.5Z")))
                .isEqualTo(new Say.When("2026-03-01T12:00:01Z", "2026-03-01 12:00:01"));
    }

    @Test
    void runsAreCalledByTheirStageAndTheBeginningOfTheirHash() {
        assertThat(Say.run("fine-tune-0123456789abcdef0123456789abcdef")).isEqualTo("fine-tune-01234567");
        assertThat(Say.run("odd")).isEqualTo("odd");
    }
}
