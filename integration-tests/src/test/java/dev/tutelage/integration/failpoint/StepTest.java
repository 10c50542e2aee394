package dev.tutelage.integration.failpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StepTest {

    /** A step whose code was renamed would never be reached. */
    @ParameterizedTest
    @EnumSource
    void everyPlaceIsInTheCode(Step step) throws ClassNotFoundException {
        assertThat(step.places()).isNotEmpty();
        for (Step.Place place : step.places()) {
            assertThat(Arrays.stream(Class.forName(place.type()).getDeclaredMethods())
                            .map(Method::getName))
                    .as(place.type())
                    .contains(place.method());
        }
    }
}
