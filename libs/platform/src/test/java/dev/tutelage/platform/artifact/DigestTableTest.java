package dev.tutelage.platform.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DigestTableTest {

    /** What is put and taken away at random is what a map has. */
    @Test
    void itHoldsWhatAMapHolds() {
        Random random = new Random(7);
        DigestTable table = new DigestTable();
        Map<Digest, Long> map = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            Digest digest = digest(random.nextInt(5_000));
            if (random.nextBoolean()) {
                long number = random.nextLong() >> 1;
                table.put(digest, number);
                map.put(digest, number);
            } else {
                table.remove(digest);
                map.remove(digest);
            }
        }
        assertThat(table.size()).isEqualTo(map.size());
        Map<Digest, Long> told = new HashMap<>();
        table.forEach(told::put);
        assertThat(told).isEqualTo(map);
        for (int i = 0; i < 5_000; i++) {
            assertThat(table.contains(digest(i))).isEqualTo(map.containsKey(digest(i)));
        }
    }

    @Test
    void digestsThatBeginAlikeAreToldApart() {
        Digest one = new Digest("ab".repeat(24) + "00".repeat(8));
        Digest other = new Digest("ab".repeat(24) + "01".repeat(8));
        DigestTable table = new DigestTable();
        table.put(one, 1);
        assertThat(table.contains(other)).isFalse();
        table.put(other, 2);
        assertThat(table.get(one)).hasValue(1);
        assertThat(table.get(other)).hasValue(2);
    }

    @Test
    void aNumberThatMeansNoneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DigestTable().put(digest(1), Long.MIN_VALUE))
                .withMessageContaining("mean no number");
    }

    private static Digest digest(int i) {
        return Digest.of(Integer.toString(i).getBytes(UTF_8));
    }
}
