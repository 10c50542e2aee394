package dev.tutelage.gateway.predict.v2;

import dev.tutelage.gateway.predict.Student;
import dev.tutelage.learning.data.ImageShape;
import java.util.List;
import java.util.Map;

/**
 * What a model takes and says.
 *
 * @param versions that can be asked, the one that answers where none is named first
 * @param parameters the names of the classes, the version that this is about, and what keeps a newer one from answering
 */
record ModelMetadata(
        String name,
        List<String> versions,
        String platform,
        List<Tensor> inputs,
        List<Tensor> outputs,
        Map<String, Object> parameters) {
    private static final String PLATFORM = "onnxruntime_onnx";
    private static final long ANY = -1;

    record Tensor(String name, String datatype, List<Long> shape) {}

    static ModelMetadata of(Student student, List<String> versions, Map<String, Object> parameters) {
        ImageShape images = student.images();
        long classes = student.classes().size();
        return new ModelMetadata(
                student.task(),
                versions,
                PLATFORM,
                List.of(new Tensor(
                        ImageTensor.NAME,
                        ImageTensor.FP32,
                        List.of(ANY, (long) images.channels(), (long) images.height(), (long) images.width()))),
                List.of(
                        new Tensor(InferAnswer.LOGITS, ImageTensor.FP32, List.of(ANY, classes)),
                        new Tensor(InferAnswer.PROBABILITIES, ImageTensor.FP32, List.of(ANY, classes))),
                parameters);
    }
}
