package dev.tutelage.gateway.upload;

import static dev.tutelage.gateway.upload.Bytes.latin;
import static dev.tutelage.gateway.upload.Bytes.octal;
import static dev.tutelage.gateway.upload.Bytes.repeated;
import static dev.tutelage.gateway.upload.Bytes.tarEntry;
import static dev.tutelage.gateway.upload.Bytes.tarHeader;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Forms that are none, and names that lead elsewhere, in forms and archives. */
final class LyingForms {
    private static final List<String> NAMES = List.of(
            "../../../etc/cron.d/x.png",
            "/etc/passwd.png",
            "C:\\Windows\\x.png",
            "..\\..\\x.png",
            "a\0b.png",
            "\u00ff\u00fe\u0080.png",
            ".png",
            "....//....//x.png",
            "~/x.png",
            "a/".repeat(3000) + "x.png",
            "CON.png",
            "x\r\nSet-Cookie: a=b.png",
            "%2e%2e%2fx.png",
            "file:///etc/passwd.png",
            "$(reboot).png",
            "\u001b[2J.png",
            "x.png/");

    private final List<HostileFile> files = new ArrayList<>();
    private final byte[] png = TestImages.png(1);

    private LyingForms() {}

    static List<HostileFile> all() throws IOException {
        LyingForms lying = new LyingForms();
        lying.forms();
        for (String name : NAMES) {
            lying.named(name);
        }
        return lying.files;
    }

    private void add(String name, String type, byte[]... body) {
        files.add(new HostileFile(name, type, () -> Bytes.join(body)));
    }

    private void forms() throws IOException {
        byte[] part = latin("--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n");
        byte[] end = latin("\r\n--x--\r\n");
        String field = "--x\r\nContent-Disposition: form-data; name=\"";
        add("form without an end", HostileFile.FORM, part, png);
        add("form that begins over and over", HostileFile.FORM, repeated(part, 20_000));
        add("20,000 fields", HostileFile.FORM, repeated(latin(field + "a\"\r\n\r\nb\r\n"), 20_000), part, png, end);
        add(
                "name of a field of 1 MiB",
                HostileFile.FORM,
                latin(field),
                latin("a".repeat(1 << 20)),
                latin("\"\r\n\r\nb"),
                end);
        add("10,000 headers", HostileFile.FORM, latin("--x\r\n" + "A: b\r\n".repeat(10_000) + "\r\n"), png, end);
        add("header without a colon", HostileFile.FORM, latin("--x\r\nContent-Disposition\r\n\r\n"), png, end);
        add(
                "lines that end in LF",
                HostileFile.FORM,
                latin(new String(part, StandardCharsets.ISO_8859_1).replace("\r", "")),
                png,
                end);
        add("no disposition", HostileFile.FORM, latin("--x\r\n\r\n"), png, end);
        add("quote that does not end", HostileFile.FORM, latin(field + "a\"; filename=\"a.png\r\n\r\n"), png, end);
        add("form in a form", "multipart/form-data; boundary=y", latin("--y\r\n\r\n"), part, png, end, latin("--y--"));
        add("boundary of 5,000", "multipart/form-data; boundary=" + "x".repeat(5_000), part, png, end);
        add("boundary of nothing", "multipart/form-data; boundary=\"\"", part, png, end);
        add("no boundary", "multipart/form-data", part, png, end);
        add("boundary of the body's own bytes", "multipart/form-data; boundary=IDAT", part, png, end);
        add("label of no class", HostileFile.FORM, latin(field + "label\"\r\n\r\n\u0000\u00ff\r\n"), part, png, end);
    }

    private void named(String name) throws IOException {
        String shown = name.substring(0, Math.min(name.length(), 40));
        add("zip of " + shown, HostileFile.ZIP, LyingArchives.stored(png, name));
        byte[] header = tarHeader(name, '0', octal(png.length), "");
        byte[] before = name.length() > 100 ? LyingArchives.extended('L', latin(name + "\0")) : new byte[0];
        add("tar of " + shown, HostileFile.TAR, before, tarEntry(header, png), LyingArchives.END_OF_TAR);
        add(
                "form of " + shown,
                HostileFile.FORM,
                latin("--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\""),
                latin(name),
                latin("\"\r\n\r\n"),
                png,
                latin("\r\n--x--\r\n"));
    }
}
