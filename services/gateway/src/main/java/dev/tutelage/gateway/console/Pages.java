package dev.tutelage.gateway.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates. */
@CheckedTemplate(basePath = "console")
final class Pages {
    private Pages() {}

    static native TemplateInstance tasks(TaskList view);

    static native TemplateInstance overview(Overview view);

    static native TemplateInstance overview$live(Overview view);

    static native TemplateInstance runs(RunList view);

    static native TemplateInstance runs$live(RunList view);

    static native TemplateInstance run(RunView view);

    static native TemplateInstance run$live(RunView view);

    static native TemplateInstance models(Models view);

    static native TemplateInstance models$live(Models view);

    static native TemplateInstance model(ModelView view, ModelCard card, Evaluation evaluation);

    static native TemplateInstance model$live(ModelView view);

    static native TemplateInstance shards(Shards view);

    static native TemplateInstance shards$live(Shards view);

    static native TemplateInstance shard(ShardView view);

    static native TemplateInstance labels(LabelList view);

    static native TemplateInstance label(LabelView view);

    static native TemplateInstance labeling(LabelingView view);

    static native TemplateInstance health(Health view);

    static native TemplateInstance health$live(Health view);

    static native TemplateInstance tryout(TryOut view);

    static native TemplateInstance compare(Comparison view);

    static native TemplateInstance lineage(Tree view);

    static native TemplateInstance drift(Drifts view);

    static native TemplateInstance audit(Audits view);

    static native TemplateInstance problem(Frame frame, String message);
}
