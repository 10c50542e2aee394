package dev.tutelage.gateway.queue;

import dev.tutelage.event.v1.TaskDeclared;
import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The labeling configuration of a task for Label Studio: an image, and one choice among the classes. */
final class LabelStudioConfig {
    private static final int KEYS = 9;

    private LabelStudioConfig() {}

    /**
     * The configuration.
     *
     * @see <a href="https://labelstud.io/tags/choices">Label Studio's tag Choices</a>
     */
    static String of(TaskDeclared task) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartElement("View");
            xml.writeCharacters("\n  ");
            empty(xml, "Image", "name", LabelStudioTask.IMAGE, "value", "$" + LabelStudioTask.IMAGE);
            xml.writeCharacters("\n  ");
            xml.writeStartElement("Choices");
            attributes(
                    xml,
                    "name",
                    LabelStudioTask.CHOICE,
                    "toName",
                    LabelStudioTask.IMAGE,
                    "choice",
                    "single",
                    "showInline",
                    "true");
            for (int i = 0; i < task.getClassesCount(); i++) {
                xml.writeCharacters("\n    ");
                if (i < KEYS) {
                    empty(xml, "Choice", "value", task.getClasses(i), "hotkey", Integer.toString(i + 1));
                } else {
                    empty(xml, "Choice", "value", task.getClasses(i));
                }
            }
            xml.writeCharacters("\n  ");
            xml.writeEndElement();
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("text takes whatever is written", e);
        }
        return text + "\n";
    }

    private static void empty(XMLStreamWriter xml, String name, String... attributes) throws XMLStreamException {
        xml.writeEmptyElement(name);
        attributes(xml, attributes);
    }

    /** Names and values in turn. */
    private static void attributes(XMLStreamWriter xml, String... attributes) throws XMLStreamException {
        for (int i = 0; i < attributes.length; i += 2) {
            xml.writeAttribute(attributes[i], attributes[i + 1]);
        }
    }
}
