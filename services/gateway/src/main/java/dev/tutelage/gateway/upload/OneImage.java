package dev.tutelage.gateway.upload;

import dev.tutelage.learning.data.SourceImage;
import dev.tutelage.learning.data.UnusableImageException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;

/** The one image of a request: its body, of whatever type, or the file of a form. */
public final class OneImage {
    /** A form has its boundaries and headers besides, which are small. */
    private static final int FORM = 1 << 20;

    /** So much of a body that is refused is read all the same: most clients look for the answer only then. */
    private static final long DRAINED = 32L << 20;

    private OneImage() {}

    /**
     * Reads it.
     *
     * @param contentType the request's header, or an empty text
     * @param limit bytes of the image, at most
     * @return its bytes, which may be no image at all
     * @throws HttpProblem if it is too large, does not come whole, or is a form of which the image cannot be told
     * @throws IOException if it cannot be read
     */
    public static byte[] read(String contentType, InputStream body, int limit) throws IOException {
        boolean form = contentType.toLowerCase(Locale.ROOT).startsWith(MediaType.MULTIPART_FORM_DATA);
        BodyLimits limits = new BodyLimits(limit, (long) limit + (form ? FORM : 1), 1, 1, 1);
        BodyStream stream = new BodyStream(body, limits.requestBytes());
        try {
            return read(contentType, form, stream, limits);
        } catch (HttpProblem e) {
            stream.drain(DRAINED);
            throw e;
        }
    }

    private static byte[] read(String contentType, boolean form, BodyStream stream, BodyLimits limits)
            throws IOException {
        try {
            RequestBody images =
                    form ? Bodies.of(contentType, "", stream, limits).orElseThrow() : new SingleBody(stream, limits);
            Sole sole = new Sole();
            images.forEach(sole);
            return sole.image().content().encoded();
        } catch (UnusableImageException e) {
            throw UploadProblems.tooLarge("The image " + e.getMessage());
        } catch (TooLargeException e) {
            throw UploadProblems.tooLarge("The request was refused: " + e.getMessage());
        } catch (MalformedBodyException e) {
            throw UploadProblems.badRequest("The request was refused: " + e.getMessage());
        } catch (BrokenBodyException e) {
            throw UploadProblems.timeout("Nothing of the request was taken: " + e.getMessage());
        }
    }

    /** Keeps the first image and counts all. */
    private static final class Sole implements RequestBody.Taker {
        private Optional<SourceImage> first = Optional.empty();
        private int files;

        @Override
        public void image(String name, SourceImage image) {
            first = first.or(() -> Optional.of(image));
            files++;
        }

        @Override
        public void field(String name, String value) {
            // What else a form says is not about the image.
        }

        SourceImage image() throws MalformedBodyException {
            if (files != 1) {
                throw new MalformedBodyException("the form has " + files
                        + " files. Send one: curl -F image=@FILE, or the image itself as the body: curl --data-binary"
                        + " @FILE");
            }
            return first.orElseThrow();
        }
    }
}
