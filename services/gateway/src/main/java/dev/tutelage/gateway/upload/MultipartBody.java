package dev.tutelage.gateway.upload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.ParameterParser;

/** A form with files, each an image, and fields, which are about the files after them. Read as a stream. */
record MultipartBody(BodyStream body, BodyLimits limits, String boundary) implements RequestBody {
    private static final int LONGEST_HEADER = 4096;
    private static final int LONGEST_FIELD = 1024;

    @Override
    public void forEach(Taker taker) throws IOException {
        try {
            MultipartInput input = MultipartInput.builder()
                    .setInputStream(body)
                    .setBoundary(boundary.getBytes(StandardCharsets.ISO_8859_1))
                    .setPartHeaderSizeMax(LONGEST_HEADER)
                    .get();
            input.setHeaderCharset(StandardCharsets.UTF_8);
            boolean more = input.skipPreamble();
            while (more) {
                read(input, taker);
                more = input.readBoundary();
            }
        } catch (MultipartInput.MalformedStreamException
                | MultipartInput.FileUploadBoundaryException
                | FileUploadSizeException
                | IllegalArgumentException e) {
            rethrow(e.getCause());
            throw new MalformedBodyException("the form is malformed, or ends too early: " + e.getMessage(), e);
        }
    }

    /** The parser calls whatever happens between two parts malformed. */
    private static void rethrow(Throwable cause) throws TooLargeException, BrokenBodyException {
        if (cause instanceof TooLargeException tooLarge) {
            throw tooLarge;
        } else if (cause instanceof BrokenBodyException broken) {
            throw broken;
        }
    }

    private void read(MultipartInput input, Taker taker) throws IOException {
        Map<String, String> disposition = disposition(input.readHeaders());
        InputStream content = input.newInputStream();
        Optional<String> file = Optional.ofNullable(disposition.get("filename"));
        if (file.isPresent()) {
            String key = ImageName.key(file.get());
            taker.image(
                    ImageName.shown(file.get()),
                    ImageBytes.read(key.isEmpty() ? "image" : key, content, limits.imageBytes(), Optional.empty()));
        } else {
            taker.field(disposition.getOrDefault("name", ""), text(content));
        }
    }

    private static String text(InputStream content) throws IOException {
        byte[] bytes = content.readNBytes(LONGEST_FIELD + 1);
        if (bytes.length > LONGEST_FIELD) {
            throw new MalformedBodyException("a field of the form has more than " + LONGEST_FIELD
                    + " bytes: a file needs a file name in its Content-Disposition");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<String, String> disposition(String headers) {
        Map<String, String> found = new TreeMap<>();
        ParameterParser parser = new ParameterParser();
        parser.setLowerCaseNames(true);
        Arrays.stream(headers.split("\r\n"))
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-disposition:"))
                .findFirst()
                .map(line -> parser.parse(line.substring(line.indexOf(':') + 1), ';'))
                .ifPresent(parameters -> parameters.forEach((name, value) -> {
                    if (value != null) {
                        found.put(name, value);
                    }
                }));
        return found;
    }
}
