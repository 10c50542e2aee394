package dev.tutelage.gateway.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.TaskDeclared;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class LabelStudioConfigTest {

    @Test
    void theChoicesAreTheClassesWhateverTheyAreCalled() throws Exception {
        List<String> classes = List.of("wren", "\"owl\" & <b>co</b>", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10");
        String xml = LabelStudioConfig.of(TaskDeclared.newBuilder()
                .setTask("birds")
                .addAllClasses(classes)
                .build());
        Document config = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(UTF_8)));
        assertThat(config.getDocumentElement().getTagName()).isEqualTo("View");
        Element image = (Element) config.getElementsByTagName("Image").item(0);
        assertThat(image.getAttribute("value")).isEqualTo("$image");
        Element choices = (Element) config.getElementsByTagName("Choices").item(0);
        assertThat(choices.getAttribute("toName")).isEqualTo(image.getAttribute("name"));
        assertThat(choices.getAttribute("choice")).isEqualTo("single");
        NodeList each = choices.getElementsByTagName("Choice");
        assertThat(IntStream.range(0, each.getLength()).mapToObj(i -> ((Element) each.item(i)).getAttribute("value")))
                .containsExactlyElementsOf(classes);
        assertThat(((Element) each.item(8)).getAttribute("hotkey")).isEqualTo("9");
        assertThat(((Element) each.item(9)).hasAttribute("hotkey")).isFalse();
    }
}
