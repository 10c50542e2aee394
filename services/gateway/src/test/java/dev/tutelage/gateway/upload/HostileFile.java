package dev.tutelage.gateway.upload;

import java.util.function.Supplier;

/**
 * Something to send to a gateway that might harm it.
 *
 * @param name what it is, for people
 * @param type the media type that it is sent as
 * @param body made when it is sent, for some are large
 */
record HostileFile(String name, String type, Supplier<byte[]> body) {
    static final String ZIP = "application/zip";
    static final String TAR = "application/x-tar";
    static final String GZIP = "application/gzip";
    static final String PNG = "image/png";
    static final String JPEG = "image/jpeg";
    static final String WEBP = "image/webp";
    static final String FORM = "multipart/form-data; boundary=x";

    static HostileFile of(String name, String type, byte[] body) {
        return new HostileFile(name, type, () -> body);
    }
}
