package dev.tutelage.gateway.upload;

import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds out what a body is, by its media type. */
final class Bodies {
    static final String TAKEN = "image/png, image/jpeg, image/webp or application/octet-stream for one image,"
            + " multipart/form-data for several, application/zip, or application/x-tar, plain or gzipped";

    private static final Set<String> IMAGES =
            Set.of("image/png", "image/jpeg", "image/webp", MediaType.APPLICATION_OCTET_STREAM);
    private static final Set<String> ZIPS = Set.of("application/zip", "application/x-zip-compressed");
    private static final Set<String> TARS = Set.of(
            "application/x-tar",
            "application/tar",
            "application/gzip",
            "application/x-gzip",
            "application/x-gtar",
            "application/x-tar+gzip",
            "application/x-compressed-tar");

    private Bodies() {}

    /**
     * How to read a body; empty if its media type is none that images come in.
     *
     * @param contentType the header, or an empty text
     * @param encoding the header Content-Encoding, or an empty text; only a tar may be gzipped
     * @throws MalformedBodyException if it is a form whose parts cannot be told apart
     */
    static Optional<RequestBody> of(String contentType, String encoding, BodyStream body, BodyLimits limits)
            throws MalformedBodyException {
        Optional<MediaType> parsed = parsed(contentType);
        String type = parsed.map(media -> media.getType() + "/" + media.getSubtype())
                .orElse("")
                .toLowerCase(Locale.ROOT);
        boolean plain = encoding.isEmpty() || encoding.equalsIgnoreCase("identity");
        if (TARS.contains(type) && (plain || encoding.equalsIgnoreCase("gzip"))) {
            return Optional.of(new TarBody(body, limits));
        } else if (!plain) {
            return Optional.empty();
        } else if (IMAGES.contains(type)) {
            return Optional.of(new SingleBody(body, limits));
        } else if (ZIPS.contains(type)) {
            return Optional.of(new ZipBody(body, limits));
        } else if (type.equals(MediaType.MULTIPART_FORM_DATA)) {
            String boundary = parsed.map(media -> media.getParameters().get("boundary"))
                    .orElseThrow(() -> new MalformedBodyException("the Content-Type of the form names no boundary"));
            return Optional.of(new MultipartBody(body, limits, boundary));
        }
        return Optional.empty();
    }

    private static Optional<MediaType> parsed(String contentType) {
        try {
            return contentType.isBlank() ? Optional.empty() : Optional.of(MediaType.valueOf(contentType));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
