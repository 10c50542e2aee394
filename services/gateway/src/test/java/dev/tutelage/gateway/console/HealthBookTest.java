package dev.tutelage.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.tutelage.event.Fact;
import dev.tutelage.event.v1.DeadLetterReplayed;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.gateway.history.History;
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.log.PlacedFact;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HealthBookTest {
    private final History history = new History();
    private final HealthBook book = new HealthBook(history);

    private void say(int offset, Message fact) {
        PlacedFact placed = new PlacedFact(
                new Fact(fact, "/tutelage/labeler", Instant.EPOCH.plusSeconds(offset)),
                new Place("tutelage.dead-letters", 0, offset));
        history.add(placed);
        book.add(placed);
    }

    private static DeadLettered letter(String run) {
        return DeadLettered.newBuilder()
                .setRunId(run)
                .setTask("birds")
                .setReason("it broke")
                .setValue(ByteString.copyFromUtf8("no fact"))
                .build();
    }

    @Test
    void aDeadLetterIsOpenUntilItIsReplayed() {
        say(3, letter("label-a"));
        say(4, letter("label-b"));
        say(5, DeadLetterReplayed.newBuilder().setDeadLetterOffset(3).build());
        assertThat(book.open(10)).extracting(Health.Letter::offset).containsExactly(4L);
        assertThat(book.dealt()).isEqualTo(1);
    }

    @Test
    void aDeadLetterIsDealtWithWhenItsRunWasAskedForAgain() {
        say(3, letter("label-a"));
        say(4, RunChanged.newBuilder().setRunId("label-a").setRetry(1).build());
        assertThat(book.open(10)).isEmpty();
    }

    @Test
    void ofManyPartsTheFirstAreToldAndTheOthersCounted() {
        say(
                1,
                letter("label-a").toBuilder()
                        .addAllRejected(IntStream.range(0, 8)
                                .mapToObj(i -> RejectedItem.newBuilder()
                                        .setShard("ab")
                                        .setImage("owl-" + i)
                                        .setReason("is cut off")
                                        .build())
                                .toList())
                        .build());
        Health.Letter shown = book.open(10).get(0);
        assertThat(shown.parts()).hasSize(5).first().isEqualTo("shard ab, image owl-0: is cut off");
        assertThat(shown.more()).isEqualTo("and 3 more");
    }

    @Test
    void servicesAreCountedWithTheirFirstAndLastFact() {
        say(9, letter("a"));
        say(2, letter("b"));
        Health.Service service = book.services().get(0);
        assertThat(service.name()).isEqualTo("/tutelage/labeler");
        assertThat(service.facts()).isEqualTo("2");
        assertThat(service.first().iso()).isEqualTo("1970-01-01T00:00:02Z");
        assertThat(service.last().iso()).isEqualTo("1970-01-01T00:00:09Z");
    }
}
