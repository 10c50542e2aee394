package dev.tutelage.cli.model;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import java.util.List;
import java.util.stream.Stream;

/**
 * A network in numbers. Running statistics are no parameters.
 *
 * @param parameters of the encoder alone, which is what the paper's tables count
 * @param headParameters of the projection head
 * @param classifierParameters of a linear classifier on the encoder's features
 * @param layers of encoder and head, from the input to the output
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record ModelSummary(long parameters, long headParameters, long classifierParameters, List<Layer> layers) {

    /** One weight tensor. */
    record Layer(String name, String shape, long parameters) {

        private static Layer of(Parameter parameter) {
            return new Layer(
                    parameter.name(),
                    parameter.shape().toString(),
                    parameter.shape().size());
        }
    }

    static ModelSummary of(ResNet encoder, int headDepth, int classes) {
        ProjectionHead head = new ProjectionHead(encoder.outputWidth(), headDepth, 128);
        long ofEncoder = count(encoder.parameters());
        return new ModelSummary(
                ofEncoder,
                count(head.parameters()),
                count(Classifier.withoutHead(encoder, classes).parameters()) - ofEncoder,
                Stream.concat(encoder.parameters().stream(), head.parameters().stream())
                        .filter(Parameter::trainable)
                        .map(Layer::of)
                        .toList());
    }

    private static long count(List<Parameter> parameters) {
        return parameters.stream()
                .filter(Parameter::trainable)
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
    }
}
