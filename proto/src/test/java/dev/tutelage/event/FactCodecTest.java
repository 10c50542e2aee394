package dev.tutelage.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FactCodecTest {
    private static final Instant TIME = Instant.parse("2026-01-31T12:00:00Z");
    private static final ShardAdded SHARD = ShardAdded.newBuilder()
            .setTask("t")
            .setShard(Artifact.newBuilder().setDigest("ab").setSize(300).setName("s"))
            .setImages(2)
            .setLabeled(true)
            .setSplit(Split.SPLIT_TRAIN)
            .build();
    /** By hand from the wire format: tag = field number * 8 + wire type, then the value. */
    private static final String SHARD_BYTES = "0a0174" // 1, length-delimited: "t"
            + "120a" // 2, a message of 10 bytes:
            + "0a026162" // its 1: "ab"
            + "10ac02" // its 2, varint: 300 = 0b10_0101100
            + "1a0173" // its 3: "s"
            + "1802" // 3, varint: 2
            + "2001" // 4, varint: true
            + "2801"; // 5, varint: SPLIT_TRAIN

    private static EventRecord encoded() {
        return FactCodec.encode(new Fact(SHARD, "/tutelage/test", TIME));
    }

    @Test
    void aFactHasTheBytesOfTheWireFormatAndTheHeadersOfCloudEvents() {
        EventRecord event = encoded();

        assertThat(HexFormat.of().formatHex(event.value().toByteArray())).isEqualTo(SHARD_BYTES);
        assertThat(event.topic()).isEqualTo("tutelage.shards");
        assertThat(event.key()).isEqualTo("t/ab");
        assertThat(event.headers())
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_type", "dev.tutelage.ShardAdded.v1")
                .containsEntry("ce_source", "/tutelage/test")
                .containsEntry("ce_subject", "t/ab")
                .containsEntry("ce_time", "2026-01-31T12:00:00Z")
                .containsEntry("content-type", "application/protobuf")
                .containsKey("ce_id")
                .hasSize(7);
    }

    @Test
    void whatIsEncodedIsDecoded() throws Exception {
        EventRecord event = encoded();

        assertThat(FactCodec.decode(
                        event.topic(), event.headers(), event.value().toByteArray()))
                .isEqualTo(new Fact(SHARD, "/tutelage/test", TIME));
    }

    @Test
    void theSameFactSaidAgainIsTheSameEvent() {
        String again = FactCodec.idOf(new Fact(SHARD, "/tutelage/other", TIME.plusSeconds(9)));
        String other = FactCodec.idOf(new Fact(SHARD.toBuilder().setImages(3).build(), "/tutelage/test", TIME));

        assertThat(encoded().headers()).containsEntry("ce_id", again);
        assertThat(other).isNotEqualTo(again);
    }

    @Test
    void fieldsOfANewerVersionAreKept() throws Exception {
        UnknownFieldSet newer = UnknownFieldSet.newBuilder()
                .addField(
                        1000,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("new"))
                                .build())
                .build();
        ShardAdded withNewer = SHARD.toBuilder().setUnknownFields(newer).build();

        Fact decoded = FactCodec.decode("tutelage.shards", encoded().headers(), withNewer.toByteArray());

        assertThat(decoded.payload().toByteArray()).isEqualTo(withNewer.toByteArray());
    }

    @Test
    void requestsGoToTheTopicOfTheirStage() {
        RunRequested request = RunRequested.newBuilder()
                .setRunId("r")
                .setStage(Stage.STAGE_SUPERVISED)
                .build();

        assertThat(new Fact(request, "/s", TIME).topic()).isEqualTo(Topic.FINE_TUNE_REQUESTS);
    }

    @Test
    void whatIsNoFactIsToldApart() {
        refused("tutelage.shards", Map.of("ce_type", "dev.tutelage.Nonsense.v1"), SHARD.toByteArray(), "Nonsense");
        refused("tutelage.shards", Map.of("ce_specversion", "0.3"), SHARD.toByteArray(), "ce_specversion");
        refused("tutelage.shards", Map.of("ce_time", "yesterday"), SHARD.toByteArray(), "ce_time");
        refused("tutelage.tasks", Map.of(), SHARD.toByteArray(), "belongs on topic tutelage.shards");
        refused("tutelage.shards", Map.of(), new byte[] {(byte) 0xff, 1, 2, 3}, "is no dev.tutelage.ShardAdded.v1");
    }

    @Test
    void aMissingHeaderIsNamed() {
        Map<String, String> headers = new HashMap<>(encoded().headers());
        headers.remove("ce_type");

        assertThatThrownBy(() -> FactCodec.decode("tutelage.shards", headers, SHARD.toByteArray()))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("ce_type");
    }

    private static void refused(String topic, Map<String, String> changed, byte[] value, String told) {
        Map<String, String> headers = new HashMap<>(encoded().headers());
        headers.putAll(changed);
        assertThatThrownBy(() -> FactCodec.decode(topic, headers, value))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining(told);
    }
}
