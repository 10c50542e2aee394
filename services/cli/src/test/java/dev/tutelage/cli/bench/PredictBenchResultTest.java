package dev.tutelage.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.bench.PredictBenchResult.Measured;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PredictBenchResultTest {
    @Test
    void percentilesAreThoseOfTheSortedTimes() {
        List<Double> times =
                IntStream.rangeClosed(1, 200).mapToObj(i -> (double) i).collect(Collectors.toList());
        Collections.shuffle(times, new Random(1));
        assertThat(Measured.of(PredictLoad.Protocol.INFER, 4, times, 10))
                .isEqualTo(new Measured("infer", 4, 200, 20, 100, 198, 200));
    }

    @Test
    void whatWasMeasuredIsToldForPeopleAndPrograms() throws Exception {
        Measured one = Measured.of(PredictLoad.Protocol.PREDICT, 1, List.of(2.5), 0.5);
        PredictBenchResult result = new PredictBenchResult("quick", 1, List.of(one));
        assertThat(result.lines()).singleElement().asString().contains("predict", "2 images/s", "p99 2.5 ms");
        assertThat(result.json()).contains("\"per_second\" : 2.0", "\"p99\" : 2.5", "\"encoder\" : \"quick\"");
    }
}
