package dev.tutelage.cli.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrivalsTest {
    private static final FileStamp SHORT = new FileStamp(10, 1);
    private static final FileStamp LONG = new FileStamp(20, 2);

    @TempDir
    private Path directory;

    @Test
    void aFileIsTakenOnceItHasBeenTheSameForLongEnough() throws IOException {
        try (Arrivals arrivals = new Arrivals(directory, 1)) {
            arrivals.found("a.png", SHORT, 100);
            assertThat(taken(arrivals, 99)).isEmpty();
            arrivals.found("a.png", LONG, 150);
            assertThat(taken(arrivals, 120)).as("it has grown").isEmpty();
            arrivals.found("a.png", LONG, 200);
            assertThat(taken(arrivals, 150)).containsExactly(new Arrivals.Arrival("a.png", LONG));
            arrivals.found("a.png", LONG, 300);
            assertThat(taken(arrivals, 300)).as("it is taken already").isEmpty();
            arrivals.found("a.png", SHORT, 400);
            assertThat(taken(arrivals, 400)).as("it is another").containsExactly(new Arrivals.Arrival("a.png", SHORT));
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theOrderDependsOnTheSeedAloneAndIsNotThatOfTheNames() throws IOException {
        List<String> names =
                IntStream.range(0, 100).mapToObj("wren/%03d.png"::formatted).toList();
        List<String> first = order(names, 1);
        assertThat(first).containsExactlyInAnyOrderElementsOf(names).isNotEqualTo(names);
        List<String> reversed = new ArrayList<>(names);
        Collections.reverse(reversed);
        assertThat(order(reversed, 1)).isEqualTo(first);
        assertThat(order(names, 2)).isNotEqualTo(first);
    }

    private List<String> order(List<String> found, long seed) throws IOException {
        try (Arrivals arrivals = new Arrivals(directory, seed)) {
            found.forEach(name -> arrivals.found(name, SHORT, 0));
            return taken(arrivals, 0).stream().map(Arrivals.Arrival::path).toList();
        }
    }

    private static List<Arrivals.Arrival> taken(Arrivals arrivals, long settled) {
        List<Arrivals.Arrival> taken = new ArrayList<>();
        Arrivals.Taker taker = arrivals.settledBy(settled);
        for (Optional<Arrivals.Arrival> next = taker.next(); next.isPresent(); next = taker.next()) {
            taken.add(next.get());
        }
        return taken;
    }
}
