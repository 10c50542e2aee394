package dev.tutelage.platform.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.Fact;
import dev.tutelage.event.FactCodec;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.log.CausedFact;
import dev.tutelage.platform.log.DeadLetters;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.Facts;
import dev.tutelage.platform.log.PlacedFact;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TraceHeadersTest {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final SpanContext ONE = span("b7ad6b7169203331");
    private static final SpanContext OTHER = span("00f067aa0ba902b7");

    private final String task = LocalKafka.unique("task");

    private static SpanContext span(String id) {
        return SpanContext.create(TRACE, id, TraceFlags.getSampled(), TraceState.getDefault());
    }

    private ShardAdded shard(int images) {
        return ShardAdded.newBuilder().setTask(task).setImages(images).build();
    }

    @Test
    void aSpanIsWrittenAsW3cHasItAndReadAgain() {
        Headers headers = new RecordHeaders();
        TraceHeaders.put(ONE, headers);
        assertThat(headers.lastHeader("traceparent").value())
                .asString(UTF_8)
                .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        SpanContext taken = TraceHeaders.take(headers);
        assertThat(List.of(taken.getTraceId(), taken.getSpanId())).containsExactly(TRACE, "b7ad6b7169203331");
        assertThat(taken.isSampled()).isTrue();
        TraceHeaders.put(OTHER, headers);
        assertThat(headers.headers("traceparent")).as("the newer one alone").hasSize(1);
    }

    @Test
    void whereNothingIsTracedThereIsNoHeader() {
        Headers headers = new RecordHeaders();
        TraceHeaders.put(SpanContext.getInvalid(), headers);
        assertThat(headers.toArray()).isEmpty();
        assertThat(TraceHeaders.take(headers).isValid()).isFalse();
    }

    @Test
    void whatCannotBeReadIsNoTrace() {
        for (String text : List.of("", "nonsense", "00-" + "0".repeat(32) + "-b7ad6b7169203331-01", "00-" + TRACE)) {
            Headers headers = new RecordHeaders().add("traceparent", text.getBytes(UTF_8));
            assertThat(TraceHeaders.take(headers).isValid()).as(text).isFalse();
        }
        assertThat(TraceHeaders.take(new RecordHeaders().add("traceparent", null))
                        .isValid())
                .isFalse();
    }

    @Test
    void theTraceIsNoPartOfAFact() throws Exception {
        Fact fact = new Fact(shard(1), "/tutelage/test", Instant.EPOCH);
        ProducerRecord<String, byte[]> plain = Facts.record(fact);
        ProducerRecord<String, byte[]> traced;
        try (Scope scope = Span.wrap(ONE).makeCurrent()) {
            assertThat(scope).isNotNull();
            traced = Facts.record(fact);
        }
        assertThat(traced.headers().lastHeader("traceparent")).isNotNull();
        assertThat(plain.headers().lastHeader("traceparent")).isNull();
        assertThat(traced.value()).isEqualTo(plain.value());
        assertThat(traced.headers().lastHeader("ce_id"))
                .isEqualTo(plain.headers().lastHeader("ce_id"));
        PlacedFact read = PlacedFact.of(consumed(traced));
        assertThat(read.fact()).isEqualTo(fact);
        assertThat(FactCodec.idOf(read.fact())).isEqualTo(FactCodec.idOf(fact));
        assertThat(read.cause().getSpanId()).isEqualTo(ONE.getSpanId());
    }

    @Test
    void aDeadLetterKeepsTheTraceOfItsRecord() {
        Fact fact = new Fact(shard(1), "/tutelage/test", Instant.EPOCH);
        ProducerRecord<String, byte[]> said = Facts.record(fact);
        TraceHeaders.put(ONE, said.headers());
        DeadLettered letter =
                DeadLetters.of(consumed(said), "labeler", "a reason").build();
        assertThat(letter.getHeadersMap().get("traceparent").toStringUtf8()).contains(ONE.getSpanId());
    }

    private static ConsumerRecord<String, byte[]> consumed(ProducerRecord<String, byte[]> said) {
        ConsumerRecord<String, byte[]> read = new ConsumerRecord<>(said.topic(), 0, 7, said.key(), said.value());
        said.headers().forEach(read.headers()::add);
        return read;
    }

    @Test
    void factsOfSeveralSpansMeetInOneTransactionAndKeepTheirOwn() throws Exception {
        List<CausedFact> facts = new ArrayList<>(CausedFact.by(Span.wrap(ONE), List.of(shard(1), shard(2))));
        facts.addAll(CausedFact.by(Span.wrap(OTHER), List.of(shard(3))));
        facts.addAll(CausedFact.now(List.of(shard(4))));
        try (FactLog log = new FactLog(KAFKA.client(), "/tutelage/test", task, Clock.systemUTC());
                FactReader reader = new FactReader(KAFKA.client(), List.of(Topic.SHARDS))) {
            log.publishCaused(facts, List.of());
            List<PlacedFact> read = new ArrayList<>();
            assertThat(reader.readPastAll(Duration.ofSeconds(20), read::add)).isTrue();
            assertThat(read)
                    .filteredOn(each -> each.fact().key().startsWith(task))
                    .extracting(each -> each.cause().isValid() ? each.cause().getSpanId() : "none")
                    .containsExactly(ONE.getSpanId(), ONE.getSpanId(), OTHER.getSpanId(), "none");
        }
    }
}
