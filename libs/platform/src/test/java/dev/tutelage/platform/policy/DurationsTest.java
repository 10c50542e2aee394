package dev.tutelage.platform.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "250ms, 250",
        "30s, 30000",
        "5m, 300000",
        "1h, 3600000",
        "7d, 604800000",
        "0s, 0",
        "1h30m, 5400000",
        "7d12H, 648000000",
        "0.5s, 500"
    })
    void aDurationIsNumbersAndUnitsFromTheLargestDown(String text, long millis) {
        assertThat(Durations.parse(text)).contains(Duration.ofMillis(millis));
    }

    @Test
    void secondsAndMillisecondsMayHaveFractions() {
        assertThat(Durations.parse("2.5ms")).contains(Duration.ofNanos(2_500_000));
        assertThat(Durations.parse("1.000000001s")).contains(Duration.ofNanos(1_000_000_001));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-1s", "d", "1d-5h", "soon", "1h1d", "1.5h", "1 h", "1w", "12345678901d"})
    void anythingElseIsNone(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @Test
    void theTextIsInTheLargestUnitThatFits() {
        assertThat(Durations.text(Duration.ofMillis(1_500))).isEqualTo("1500ms");
        assertThat(Durations.text(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(Durations.text(Duration.ofMinutes(90))).isEqualTo("90m");
        assertThat(Durations.text(Duration.ofHours(25))).isEqualTo("25h");
        assertThat(Durations.text(Duration.ofDays(7))).isEqualTo("7d");
    }
}
