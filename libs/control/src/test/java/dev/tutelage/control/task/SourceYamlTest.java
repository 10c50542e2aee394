package dev.tutelage.control.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.event.v1.Source;
import dev.tutelage.event.v1.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceYamlTest {

    @Test
    void aSourceIsABucketAPrefixAndWhatItsImagesAre() throws Exception {
        assertThat(TaskYaml.read("birds", TaskFiles.BIRDS + """
                        sources:
                          - {bucket: camera}
                          - {bucket: camera, prefix: checked/, labeled: true, split: held-out}
                          - {bucket: zoo, prefix: wrens/, label: wren}
                        """, TaskFormat.YAML)
                        .getSourcesList())
                .containsExactly(
                        Source.newBuilder()
                                .setBucket("camera")
                                .setSplit(Split.SPLIT_TRAIN)
                                .build(),
                        Source.newBuilder()
                                .setBucket("camera")
                                .setPrefix("checked/")
                                .setSplit(Split.SPLIT_HELD_OUT)
                                .setLabeled(true)
                                .build(),
                        Source.newBuilder()
                                .setBucket("zoo")
                                .setPrefix("wrens/")
                                .setSplit(Split.SPLIT_TRAIN)
                                .setLabel("wren")
                                .setLabeled(true)
                                .build());
    }

    @Test
    void withoutSourcesThereAreNone() throws Exception {
        assertThat(TaskYaml.read("birds", TaskFiles.BIRDS, TaskFormat.YAML).getSourcesList())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {bucket: Camera}                         | sources[0].bucket
                    {bucket: camera, split: test}            | sources[0].split
                    {bucket: camera, split: held-out}        | sources[0].labeled
                    {bucket: camera, label: eagle}           | sources[0].label
                    {bucket: camera}, {bucket: camera}       | sources[1]
                    {bucket: camera, prefx: in/}             | did you mean 'prefix'
                    {prefix: in/}                            | bucket
                    """)
    void whatIsWrongIsToldByItsPlace(String sources, String told) {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(
                        () -> TaskYaml.read("birds", TaskFiles.BIRDS + "sources: [" + sources + "]\n", TaskFormat.YAML))
                .withMessageContaining(told);
    }
}
