package dev.tutelage.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PagerTest {
    private static final List<Integer> ROWS = IntStream.range(0, 25).boxed().toList();

    @Test
    void theLastPageHasWhatIsLeft() {
        Pager.Page<Integer> page = Pager.cut(ROWS, 3, 10, "/x?page=");
        assertThat(page.rows()).containsExactly(20, 21, 22, 23, 24);
        assertThat(page.pager()).isEqualTo(new Pager(21, 25, 25, "/x?page=2", ""));
    }

    @Test
    void pagesThatAreNotThereAreBroughtToTheNearest() {
        assertThat(Pager.cut(ROWS, 99, 10, "/x?page=").pager().from()).isEqualTo(21);
        assertThat(Pager.cut(ROWS, -5, 10, "/x?page=").pager().from()).isEqualTo(1);
    }

    @Test
    void anEmptyListHasOneEmptyPage() {
        assertThat(Pager.cut(List.of(), 1, 10, "/x?page=").pager()).isEqualTo(new Pager(0, 0, 0, "", ""));
    }
}
