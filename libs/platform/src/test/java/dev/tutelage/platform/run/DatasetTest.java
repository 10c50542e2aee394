package dev.tutelage.platform.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.platform.fixture.Birds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetTest {
    private static final Dataset BIRDS = Dataset.of(
            Birds.declared(0),
            List.of(Birds.shard("u", 10)),
            List.of(Birds.shard("h", 3)),
            List.of(SoftLabelsAdded.newBuilder()
                    .setShard("u")
                    .setLogits(Artifact.newBuilder().setDigest("q").setSize(7).setName("soft-labels"))
                    .build()));
    /** Written by hand: no spaces, properties in alphabetical order, text as it is. */
    private static final String CANONICAL = "{\"classes\":[\"wren\",\"Zaunkönig\"],"
            + "\"heldOut\":[{\"digest\":\"h\",\"name\":\"s.tar\",\"size\":5}],"
            + "\"image\":{\"channels\":3,\"height\":32,\"width\":48},"
            + "\"shards\":[{\"digest\":\"u\",\"name\":\"s.tar\",\"size\":5}],"
            + "\"softLabels\":[{\"digest\":\"q\",\"name\":\"soft-labels\",\"size\":7}],"
            + "\"task\":\"birds\"}";

    @Test
    void aDatasetIsWrittenInOneWay() {
        assertThat(new String(BIRDS.toJson(), UTF_8)).isEqualTo(CANONICAL);
    }

    @Test
    void whatWasWrittenIsReadBack() throws RunRejectedException {
        assertThat(Dataset.ofJson(CANONICAL.getBytes(UTF_8))).isEqualTo(BIRDS);
        assertThat(Dataset.ofJson(BIRDS.toJson()).toJson()).isEqualTo(BIRDS.toJson());
    }

    @Test
    void labeledShardsAreWrittenOnlyIfThereAreSome() throws RunRejectedException {
        Dataset mixed = new Dataset(
                BIRDS.task(),
                BIRDS.classes(),
                BIRDS.image(),
                BIRDS.shards(),
                BIRDS.heldOut(),
                BIRDS.softLabels(),
                BIRDS.heldOut(),
                "",
                List.of(),
                List.of());
        String json = CANONICAL.replace(
                "\"shards\"", "\"labeled\":[{\"digest\":\"h\",\"name\":\"s.tar\",\"size\":5}],\"shards\"");
        assertThat(new String(mixed.toJson(), UTF_8)).isEqualTo(json);
        assertThat(Dataset.ofJson(mixed.toJson())).isEqualTo(mixed);
    }

    @Test
    void aSelectionIsPartOfTheDatasetUnlessItIsOfEverything() throws RunRejectedException {
        Dataset selected = BIRDS.selecting(
                "{\"agreement\":2}",
                List.of(SoftLabelsAdded.newBuilder()
                        .setLogits(
                                Artifact.newBuilder().setDigest("p").setSize(8).setName("soft-labels"))
                        .build()));
        String json = CANONICAL
                .replace(
                        "\"heldOut\"",
                        "\"earlierSoftLabels\":[{\"digest\":\"p\",\"name\":\"soft-labels\",\"size\":8}],\"heldOut\"")
                .replace("\"shards\"", "\"selection\":\"{\\\"agreement\\\":2}\",\"shards\"");
        assertThat(new String(selected.toJson(), UTF_8)).isEqualTo(json);
        assertThat(Dataset.ofJson(selected.toJson())).isEqualTo(selected);
        assertThat(BIRDS.selecting("", List.of())).isEqualTo(BIRDS);
    }

    @Test
    void replayedShardsArePartOfTheDatasetIfThereAreSome() throws RunRejectedException {
        Dataset replaying = BIRDS.replaying(List.of(Birds.shard("o", 20)));
        String json = CANONICAL.replace(
                "\"shards\"", "\"replayed\":[{\"digest\":\"o\",\"name\":\"s.tar\",\"size\":5}],\"shards\"");
        assertThat(new String(replaying.toJson(), UTF_8)).isEqualTo(json);
        assertThat(Dataset.ofJson(replaying.toJson())).isEqualTo(replaying);
        assertThat(replaying.selecting("{}", List.of()).replayed()).isEqualTo(replaying.replayed());
        assertThat(BIRDS.replaying(List.of())).isEqualTo(BIRDS);
    }

    @Test
    void aPartNamesItsArtifact() {
        assertThat(BIRDS.shards().get(0).artifact())
                .isEqualTo(Birds.shard("u", 10).getShard());
    }

    @Test
    void fieldsOfANewerVersionAreAllowed() throws RunRejectedException {
        String newer = CANONICAL.replace("\"task\"", "\"splits\":2,\"task\"");
        assertThat(Dataset.ofJson(newer.getBytes(UTF_8))).isEqualTo(BIRDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "{\"task\":\"birds\"}", "{\"task\":", "\u0000\u0001"})
    void whatIsNoDatasetIsRejected(String json) {
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> Dataset.ofJson(json.getBytes(UTF_8)))
                .withMessageStartingWith("The dataset manifest cannot be read: ");
    }
}
