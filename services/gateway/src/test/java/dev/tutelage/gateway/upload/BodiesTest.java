package dev.tutelage.gateway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.learning.data.SourceImage;
import dev.tutelage.learning.data.UnusableImageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BodiesTest {
    private static final BodyLimits LIMITS = new BodyLimits(100, 64 << 20, 10, 5, 20);
    private static final String FORM = "multipart/form-data; boundary=\"b\"";

    /** Writes down what a body has: {@code name=size}, or why not, and {@code field:name=value}. */
    private static final class Notes implements RequestBody.Taker {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void image(String name, SourceImage image) throws IOException {
            try {
                String label = image.label().map(Object::toString).orElse("none");
                lines.add(image.key() + "=" + image.content().encoded().length + " " + label);
            } catch (UnusableImageException e) {
                lines.add(name + " " + e.getMessage());
            }
        }

        @Override
        public void field(String name, String value) {
            lines.add("field:" + name + "=" + value);
        }
    }

    @Test
    void aFormIsFilesAndFieldsInTheirOrder() throws Exception {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        parts.put("label", TestImages.text("wren"));
        parts.put("file:a/b.png", new byte[100]);
        parts.put("file:c.png", new byte[101]);
        assertThat(notes(FORM, TestImages.form("b", parts)))
                .containsExactly("field:label=wren", "a/b=100 none", "c.png has more than 100 bytes");
    }

    @Test
    void theImagesOfAZipAreThoseThatAreCalledSo() throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("wren/", new byte[0]);
        files.put("wren/a.PNG", new byte[7]);
        files.put("b.jpeg", new byte[8]);
        files.put("wren/.hidden.png", new byte[9]);
        files.put("readme.txt", new byte[9]);
        assertThat(notes("application/zip", TestImages.zip(files)))
                .containsExactly("wren/a=7 Name[name=wren]", "b=8 none");
    }

    @Test
    void aTarIsTheSameGzippedOrNot() throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("wren/a.png", new byte[7]);
        files.put("b.png", new byte[8]);
        files.put("b.cls", TestImages.text("1"));
        byte[] tar = TestImages.tar(files);
        List<String> expected = List.of("wren/a=7 Name[name=wren]", "b=8 Index[index=1]");
        assertThat(notes("application/x-tar", tar)).isEqualTo(expected);
        assertThat(notes("application/gzip", TestImages.gzip(tar))).isEqualTo(expected);
    }

    @Test
    void anArchiveOfTooManyEntriesIsNotReadOn() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            files.put(i + ".txt", new byte[0]);
        }
        assertThatExceptionOfType(TooLargeException.class)
                .isThrownBy(() -> notes("application/zip", TestImages.zip(files)))
                .withMessageContaining("more than 5 entries");
        assertThatExceptionOfType(DamagedArchiveException.class)
                .isThrownBy(() -> notes("application/x-tar", TestImages.tar(files)))
                .withMessageContaining("split it");
    }

    @Test
    void anArchiveThatExpandsTooMuchIsNotUnpacked() {
        Map<String, byte[]> bomb = Map.of("bomb.png", new byte[32 << 20]);
        assertThatExceptionOfType(TooLargeException.class)
                .isThrownBy(() -> notes("application/zip", TestImages.zip(bomb)))
                .withMessageContaining("20 times its size");
        assertThatExceptionOfType(TooLargeException.class)
                .isThrownBy(() -> notes("application/gzip", TestImages.gzip(TestImages.tar(bomb))))
                .withMessageContaining("20 times its size");
    }

    @Test
    void aBodyHasALimit() {
        BodyLimits small = new BodyLimits(100, 50, 10, 5, 20);
        assertThatExceptionOfType(TooLargeException.class)
                .isThrownBy(() -> read("image/png", new byte[51], small, new Notes()))
                .withMessageContaining("more than 50 bytes");
    }

    @Test
    void whoStopsSendingIsToldFromADamagedBody() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                return read();
            }
        };
        for (String type : List.of("image/png", FORM, "application/zip", "application/x-tar")) {
            assertThatExceptionOfType(BrokenBodyException.class)
                    .as(type)
                    .isThrownBy(() -> Bodies.of(type, "", new BodyStream(broken, 100), LIMITS)
                            .orElseThrow()
                            .forEach(new Notes()))
                    .withMessageContaining("connection reset");
        }
    }

    @Test
    void whatIsNoBodyOfImagesIsNotRead() throws Exception {
        for (String type : List.of("", "text/plain", "image/gif", "garbage", "/", "application/zip;;;=")) {
            assertThat(Bodies.of(type, "", new BodyStream(InputStream.nullInputStream(), 1), LIMITS))
                    .as(type)
                    .matches(found -> found.isEmpty() || type.startsWith("application/zip"));
        }
        assertThat(Bodies.of("image/png", "br", new BodyStream(InputStream.nullInputStream(), 1), LIMITS))
                .isEmpty();
    }

    @Test
    void noNameLeadsOutOfAShard() {
        assertThat(List.of("../../x.png", "/etc/passwd", "a\\..\\b.c.png", "./.hidden", "..", "C:\\x.jpg"))
                .extracting(ImageName::key)
                .containsExactly("x", "etc/passwd", "a/b_c", "_hidden", "", "C:/x");
    }

    private static List<String> notes(String type, byte[] body) throws IOException {
        Notes notes = new Notes();
        read(type, body, LIMITS, notes);
        return notes.lines;
    }

    private static void read(String type, byte[] body, BodyLimits limits, Notes notes) throws IOException {
        Bodies.of(type, "", new BodyStream(new ByteArrayInputStream(body), limits.requestBytes()), limits)
                .orElseThrow()
                .forEach(notes);
    }
}
