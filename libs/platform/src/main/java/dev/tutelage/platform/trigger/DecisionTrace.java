package dev.tutelage.platform.trigger;

import static dev.tutelage.platform.trace.RunFields.PREFIX;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.platform.log.CausedFact;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.log.PlacedFact;
import dev.tutelage.platform.run.Dataset;
import dev.tutelage.platform.run.RunId;
import dev.tutelage.platform.trace.RunFields;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets traces go on through decisions. Each has a span: a child of the span in which the one fact came about that it is about,
 * a shard to label or a candidate to judge, and linked to those of the other facts that led to it. A training, which many led
 * to, begins a trace. Where nothing is traced, nothing is kept. Not thread-safe.
 */
public final class DecisionTrace {
    private static final Set<Topic> LEAD_TO_DECISIONS =
            EnumSet.of(Topic.TASKS, Topic.SHARDS, Topic.SOFT_LABELS, Topic.CHECKPOINTS, Topic.PROMOTIONS, Topic.DRIFT);

    /** Links of a span, which may have 128: the newest shards of a training. */
    private static final int MOST_LINKS = 100;

    private final Tracer tracer;
    private final Map<Key, SpanContext> causes = new HashMap<>();

    /** Facts of one key are about the same thing: the newest counts. */
    private record Key(String topic, String key) {}

    /** What says facts. */
    @FunctionalInterface
    interface Publisher {
        void publish(List<CausedFact> facts) throws NotPublishedException;
    }

    public DecisionTrace(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Takes note of how a fact came about. */
    void add(PlacedFact placed) {
        Topic topic = placed.fact().topic();
        if (placed.cause().isValid() && LEAD_TO_DECISIONS.contains(topic)) {
            causes.put(new Key(topic.topicName(), placed.fact().key()), placed.cause());
        }
    }

    /** Says news, all or none, each with its decision's span as the cause. */
    void say(List<News> together, Publisher publisher) throws NotPublishedException {
        List<Span> spans = together.stream().map(each -> begin(each.decision())).toList();
        List<CausedFact> facts = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            describe(together.get(i), spans.get(i));
            facts.addAll(CausedFact.by(spans.get(i), together.get(i).facts()));
        }
        try {
            publisher.publish(facts);
        } catch (NotPublishedException e) {
            spans.forEach(span -> span.setStatus(StatusCode.ERROR, "not known to be said"));
            throw e;
        } finally {
            spans.forEach(Span::end);
        }
    }

    private Span begin(Decision decision) {
        SpanBuilder span = tracer.spanBuilder(nameOf(decision))
                .setParent(about(decision)
                        .map(cause -> Context.root().with(Span.wrap(cause)))
                        .orElse(Context.root()));
        others(decision).forEach(span::addLink);
        return span.startSpan();
    }

    private static String nameOf(Decision decision) {
        if (decision instanceof Decision.Request request) {
            return "request " + RunId.nameOf(request.stage());
        } else if (decision instanceof Decision.Judge judge) {
            return "judge " + word(judge.judgement().getRole());
        }
        return "report drift";
    }

    private static void describe(News news, Span span) {
        if (news.facts().get(0) instanceof RunRequested request) {
            span.setAllAttributes(RunFields.of(request).attributes());
        } else if (news.decision() instanceof Decision.Judge judge) {
            CandidateJudged judged = judge.judgement();
            span.setAttribute(PREFIX + "task", judged.getTask())
                    .setAttribute(PREFIX + "role", word(judged.getRole()))
                    .setAttribute(PREFIX + "checkpoint", judged.getCheckpoint());
            judge.promotion().ifPresent(promoted -> span.addEvent("promoted", attributes(promoted)));
        }
    }

    private static Attributes attributes(Promoted promoted) {
        return Attributes.of(
                AttributeKey.stringKey(PREFIX + "role"), word(promoted.getRole()),
                AttributeKey.stringKey(PREFIX + "checkpoint"), promoted.getCheckpoint(),
                AttributeKey.stringKey(PREFIX + "previous"), promoted.getPrevious());
    }

    /** How the one thing came about that a decision is about. */
    private Optional<SpanContext> about(Decision decision) {
        if (decision instanceof Decision.Request request && request.input() instanceof Decision.Input.OfShard input) {
            return find(Topic.SHARDS, request.task() + "/" + input.shard().getDigest());
        } else if (decision instanceof Decision.Judge judge) {
            return find(Topic.CHECKPOINTS, judge.judgement().getCheckpoint());
        } else if (decision instanceof Decision.Report report) {
            DriftDetected drift = report.drift();
            return find(Topic.SOFT_LABELS, drift.getTask() + "/" + drift.getLastShard());
        }
        return Optional.empty();
    }

    /** How what else led to a run came about, each once: first what it was decided by, then what it learns from. */
    private Set<SpanContext> others(Decision decision) {
        Set<SpanContext> others = new LinkedHashSet<>();
        if (decision instanceof Decision.Request request && !causes.isEmpty()) {
            request.grounds().ifPresent(grounds -> grounds.evidence()
                    .forEach(each -> find(each).ifPresent(others::add)));
            request.parent().flatMap(parent -> find(Topic.CHECKPOINTS, parent)).ifPresent(others::add);
            if (request.input() instanceof Decision.Input.OfDataset input) {
                addShards(input.dataset(), others);
            }
        }
        return others;
    }

    private void addShards(Dataset dataset, Set<SpanContext> others) {
        Topic topic = dataset.softLabels().isEmpty() ? Topic.SHARDS : Topic.SOFT_LABELS;
        List<Dataset.Part> shards = dataset.shards();
        for (int i = shards.size() - 1; i >= 0 && others.size() < MOST_LINKS; i--) {
            find(topic, dataset.task() + "/" + shards.get(i).digest()).ifPresent(others::add);
        }
    }

    private Optional<SpanContext> find(Topic topic, String key) {
        return Optional.ofNullable(causes.get(new Key(topic.topicName(), key)));
    }

    private Optional<SpanContext> find(Evidence evidence) {
        return Optional.ofNullable(causes.get(new Key(evidence.getTopic(), evidence.getKey())));
    }

    private static String word(Role role) {
        return role.name().replace("ROLE_", "").toLowerCase(Locale.ROOT);
    }
}
