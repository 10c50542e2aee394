package dev.tutelage.learning.format;

import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import java.util.ArrayList;
import java.util.List;

/** What a checkpoint's weights are the weights of. */
public sealed interface Architecture {
    /** All weights, in order. */
    List<Parameter> parameters();

    /** The encoder that both kinds have. */
    ResNet encoder();

    /** An encoder with its projection head, as pretraining leaves them. */
    record Pretrained(ResNet encoder, ProjectionHead head) implements Architecture {
        @Override
        public List<Parameter> parameters() {
            List<Parameter> parameters = new ArrayList<>(encoder.parameters());
            parameters.addAll(head.parameters());
            return List.copyOf(parameters);
        }
    }

    /** A network that predicts classes. */
    record Predicting(Classifier classifier) implements Architecture {
        @Override
        public List<Parameter> parameters() {
            return classifier.parameters();
        }

        @Override
        public ResNet encoder() {
            return classifier.encoder();
        }
    }
}
