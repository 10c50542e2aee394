package dev.tutelage.control.quantity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

    @Test
    void theyAreReadAsPeopleWriteThem() {
        assertThat(Quantities.bytes("1048576")).isEqualTo(1_048_576);
        assertThat(Quantities.bytes("64M")).isEqualTo(67_108_864);
        assertThat(Quantities.bytes("2GiB")).isEqualTo(2_147_483_648L);
        assertThat(Quantities.bytes("1kb")).isEqualTo(1024);
        assertThat(Quantities.perSecond("100/s")).isEqualTo(100);
        assertThat(Quantities.perSecond("0.5")).isEqualTo(0.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1T", "many", "999999999999G"})
    void whatIsNoSizeIsTold(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantities.bytes(text))
                .withMessageContaining("\"" + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0/s", "-1/s", "5/m", "fast"})
    void whatIsNoRateIsTold(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantities.perSecond(text))
                .withMessageContaining("\"" + text + "\"");
    }
}
