package dev.tutelage.gateway.upload;

import dev.tutelage.learning.data.SourceImage;
import java.io.IOException;

/** The images of a request, in the order in which it has them, read once, front to back. */
@FunctionalInterface
interface RequestBody {

    /** Is told what the body has. */
    interface Taker {

        /**
         * Takes an image, usable or not.
         *
         * @param name what its sender calls it; fit to be shown
         */
        void image(String name, SourceImage image) throws IOException;

        /** Takes a field of a form, which is about the images that come after it. */
        void field(String name, String value) throws IOException;
    }

    /**
     * Shows every image.
     *
     * @throws DamagedArchiveException if an archive cannot be read on; the images before the damage were shown
     * @throws TooLargeException if the body costs more than it may
     * @throws MalformedBodyException if it is not what its media type says
     * @throws BrokenBodyException if it stops coming
     */
    void forEach(Taker taker) throws IOException;
}
