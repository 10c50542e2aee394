package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.Device;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingContextTest {

    private static final Optional<String> CUDA = Optional.of("cu128");

    @Test
    void gpusAreTakenWhereThereAreAny() {
        List<Device> gpus = List.of(Device.gpu(0), Device.gpu(1));
        assertThat(TrainingContext.orCpu(gpus, CUDA)).isEqualTo(gpus);
        assertThat(TrainingContext.orCpu(gpus, Optional.empty())).isEqualTo(gpus);
    }

    @Test
    void withoutGpusItIsTheCpu() {
        assertThat(TrainingContext.orCpu(List.of(), Optional.empty())).containsExactly(Device.cpu());
        assertThat(TrainingContext.orCpu(List.of(Device.cpu()), Optional.of("cpu")))
                .containsExactly(Device.cpu());
    }

    @Test
    void aPyTorchForGpusDoesNotTrainOnTheCpuUnnoticed() {
        for (List<Device> found : List.of(List.<Device>of(), List.of(Device.cpu()))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> TrainingContext.orCpu(found, CUDA))
                    .withMessageContaining("PYTORCH_FLAVOR is cu128")
                    .withMessageContaining("libcudart.so")
                    .withMessageContaining("without -cuda");
        }
    }
}
