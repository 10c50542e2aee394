package dev.tutelage.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactCodecTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final ShardAdded SHARD = ShardAdded.newBuilder()
            .setTask("birds")
            .setShard(Artifact.newBuilder().setDigest("ab").setSize(300).setName("s.tar"))
            .setImages(7)
            .setLabeled(true)
            .setSplit(Split.SPLIT_TRAIN)
            .build();
    /** {@link #SHARD}, written by hand from the protobuf wire format: each line is a tag and its value. */
    private static final byte[] SHARD_BYTES = hex(
            "0a 05 6269726473" // 1: task, 5 bytes
                    + "12 0e" // 2: shard, 14 bytes
                    + "0a 02 6162" // 2.1: digest, 2 bytes
                    + "10 ac02" // 2.2: size, 300 = 0b10 0101100
                    + "1a 05 732e746172" // 2.3: name, 5 bytes
                    + "18 07" // 3: images
                    + "20 01" // 4: labeled
                    + "28 01"); // 5: split
    /** The name-based UUID (version 3) of the type, a line feed and {@link #SHARD_BYTES}, computed outside Java. */
    private static final String SHARD_ID = "8c7837bb-f361-366a-ad38-177426990d92";

    @Test
    void aFactHasExactlyTheseBytesAndHeaders() {
        EventRecord encoded = FactCodec.encode(new Fact(SHARD, "/tutelage/gateway", NOON));
        assertThat(encoded.topic()).isEqualTo("tutelage.shards");
        assertThat(encoded.key()).isEqualTo("birds/ab");
        assertThat(encoded.value().toByteArray()).isEqualTo(SHARD_BYTES);
        assertThat(encoded.headers())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", SHARD_ID,
                        "ce_type", "dev.tutelage.ShardAdded.v1",
                        "ce_source", "/tutelage/gateway",
                        "ce_subject", "birds/ab",
                        "ce_time", "2026-01-31T12:00:00Z",
                        "content-type", "application/protobuf"));
    }

    @ParameterizedTest
    @EnumSource(FactType.class)
    void everyFactComesBackAsItWas(FactType type) throws MalformedEventException {
        Fact fact = new Fact(Examples.of(type), "/tutelage/labeler", NOON);
        assertThat(fact.type()).isEqualTo(type);
        EventRecord encoded = FactCodec.encode(fact);
        assertThat(decode(encoded.topic(), encoded.headers(), encoded.value().toByteArray()))
                .isEqualTo(fact);
    }

    @Test
    void fieldsOfANewerVersionAreKept() throws MalformedEventException {
        // Field 1000 as a string of two bytes: the tag is 1000 << 3 | 2 = 8002, in base 128 little-endian c2 3e.
        byte[] newer = join(SHARD_BYTES, hex("c2 3e 02 6869"));
        Fact fact = decode("tutelage.shards", shardHeaders(), newer);
        UnknownFieldSet unknown = fact.payload().getUnknownFields();
        assertThat(unknown.getField(1000).getLengthDelimitedList()).containsExactly(ByteString.copyFromUtf8("hi"));
        assertThat(FactCodec.encode(fact).value().toByteArray()).isEqualTo(newer);
    }

    @Test
    void headersOfOthersAreIgnored() throws MalformedEventException {
        Map<String, String> headers = shardHeaders();
        headers.put("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        assertThat(decode("tutelage.shards", headers, SHARD_BYTES).payload()).isEqualTo(SHARD);
    }

    @Test
    void theSameFactIsTheSameEvent() {
        EventRecord noon = FactCodec.encode(new Fact(SHARD, "/tutelage/gateway", NOON));
        EventRecord later = FactCodec.encode(new Fact(SHARD, "/tutelage/cli", NOON.plusSeconds(60)));
        assertThat(later.headers()).containsEntry("ce_id", noon.headers().get("ce_id"));
        assertThat(FactCodec.idOf(new Fact(SHARD, "/tutelage/gateway", NOON))).isEqualTo(SHARD_ID);
        ShardAdded other = SHARD.toBuilder().setImages(8).build();
        assertThat(FactCodec.idOf(new Fact(other, "/tutelage/gateway", NOON))).isNotEqualTo(SHARD_ID);
    }

    @Test
    void theOrderInWhichMetricsWereSetDoesNotShow() {
        CheckpointPublished.Builder forward = CheckpointPublished.newBuilder().setDigest("cd");
        CheckpointPublished.Builder backward = forward.clone();
        for (int i = 0; i < 20; i++) {
            forward.putMetrics("metric" + i, i);
            backward.putMetrics("metric" + (19 - i), 19 - i);
        }
        assertThat(FactCodec.encode(new Fact(backward.build(), "/a", NOON)))
                .isEqualTo(FactCodec.encode(new Fact(forward.build(), "/a", NOON)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_specversion", "ce_type", "ce_source", "ce_time"})
    void aMissingHeaderIsNamed(String name) {
        Map<String, String> headers = shardHeaders();
        headers.remove(name);
        assertMalformed("tutelage.shards", headers, SHARD_BYTES, "Header " + name + " is missing");
    }

    @Test
    void anotherVersionOfCloudEventsIsRefused() {
        Map<String, String> headers = shardHeaders();
        headers.put("ce_specversion", "0.3");
        assertMalformed("tutelage.shards", headers, SHARD_BYTES, "Header ce_specversion is '0.3', but only 1.0");
    }

    @Test
    void anUnknownTypeIsNamed() {
        Map<String, String> headers = shardHeaders();
        headers.put("ce_type", "dev.tutelage.ShardAdded.v2");
        assertMalformed("tutelage.shards", headers, SHARD_BYTES, "Header ce_type is 'dev.tutelage.ShardAdded.v2'");
    }

    @Test
    void aTimeThatIsNoneIsNamed() {
        Map<String, String> headers = shardHeaders();
        headers.put("ce_time", "noon");
        assertMalformed("tutelage.shards", headers, SHARD_BYTES, "Header ce_time is 'noon'");
    }

    @Test
    void garbageIsNoFact() {
        byte[] truncated = hex("0a 05 6269");
        assertMalformed("tutelage.shards", shardHeaders(), truncated, "The value (4 bytes) is no dev.tutelage.Shard");
        // Wire type 7 does not exist.
        assertMalformed(
                "tutelage.shards", shardHeaders(), hex("ff ff"), "The value (2 bytes) is no dev.tutelage.Shard");
    }

    @Test
    void aTombstoneIsNoFact() {
        assertMalformed("tutelage.shards", shardHeaders(), null, "The record has no value");
    }

    @Test
    void aFactOnAnotherTopicIsRefused() {
        assertMalformed(
                "tutelage.runs",
                shardHeaders(),
                SHARD_BYTES,
                "A dev.tutelage.ShardAdded.v1 belongs on topic tutelage.shards, not on tutelage.runs");
    }

    @Test
    void aRequestForAStageOfANewerVersionIsMalformed() {
        Map<String, String> headers = shardHeaders();
        headers.put("ce_type", "dev.tutelage.RunRequested.v1");
        // Field 3, stage, is 99.
        assertMalformed("tutelage.label-requests", headers, hex("18 63"), "No requests exist for stage UNRECOGNIZED");
    }

    @Test
    void onlyFactsAreSaid() {
        Message part = SHARD.getShard();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Fact(part, "/a", NOON))
                .withMessage("tutelage.v1.Artifact is not a fact");
    }

    @Test
    void whatADeadLetterHoldsIsKeptByteForByte() throws MalformedEventException {
        byte[] anything = hex("00 ff 80 0a");
        DeadLettered letter = DeadLettered.newBuilder()
                .setKey(ByteString.copyFrom("run-1", UTF_8))
                .setValue(ByteString.copyFrom(anything))
                .putHeaders("ce_type", ByteString.copyFrom(anything))
                .build();
        EventRecord encoded = FactCodec.encode(new Fact(letter, "/tutelage/labeler", NOON));
        assertThat(encoded.key()).isEqualTo("run-1");
        Fact decoded =
                decode(encoded.topic(), encoded.headers(), encoded.value().toByteArray());
        assertThat(decoded.payload()).isEqualTo(letter);
    }

    private static Map<String, String> shardHeaders() {
        return new HashMap<>(
                FactCodec.encode(new Fact(SHARD, "/tutelage/gateway", NOON)).headers());
    }

    private static Fact decode(String topic, Map<String, String> headers, byte[] value) throws MalformedEventException {
        return FactCodec.decode(topic, headers, value);
    }

    private static void assertMalformed(String topic, Map<String, String> headers, byte[] value, String message) {
        assertThatExceptionOfType(MalformedEventException.class)
                .isThrownBy(() -> FactCodec.decode(topic, headers, value))
                .withMessageStartingWith(message);
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(first);
        joined.writeBytes(second);
        return joined.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
