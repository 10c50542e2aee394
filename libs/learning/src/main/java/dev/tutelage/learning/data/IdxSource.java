package dev.tutelage.learning.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The two IDX files, plain or gzipped, in which MNIST and its successors come. Keys are the numbers of the images.
 *
 * @param images the file of images
 * @param labels the file of labels, if they are wanted
 */
public record IdxSource(Path images, Optional<Path> labels) implements ImageSource {

    @Override
    public void forEach(Visitor visitor) throws IOException {
        int[] indices = labels.isPresent() ? Idx.labels(labels.get()) : new int[0];
        int[] seen = new int[1];
        Idx.forEach(images, (number, pixels, shape) -> {
            if (labels.isPresent() && number >= indices.length) {
                throw differ("more");
            }
            seen[0] = number + 1;
            Optional<SourceLabel> label = labels.map(file -> new SourceLabel.Index(indices[number]));
            visitor.visit(new SourceImage(Idx.key(number), () -> ImageCodec.png(shape, pixels), label));
        });
        if (seen[0] < indices.length) {
            throw differ("fewer");
        }
    }

    private IOException differ(String which) {
        return new IOException(images + " holds " + which + " images than " + labels.orElseThrow()
                + " holds labels: the files do not belong together");
    }
}
