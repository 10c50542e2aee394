package dev.tutelage.learning.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A WebDataset tar that comes as a stream, such as standard input, and is read once, front to back. A {@code .cls} holds
 * the number of the class.
 *
 * @param in which the caller closes
 * @param name of the tar, for people
 * @param prefix before every key, such as a folder's name with a slash; may be empty
 * @param limits of an image and of the number of entries; nothing else is bounded, for nothing of the stream is kept
 */
public record TarStreamSource(InputStream in, String name, String prefix, ShardLimits limits) implements ImageSource {
    private static final Set<String> OUTSIDE = Set.of("", ".", "..");

    private static final ShardLimits UNBOUNDED =
            new ShardLimits(ShardLimits.DEFAULT.entryBytes(), Integer.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE);

    /** An image is bounded as anywhere; the stream is not. */
    public TarStreamSource(InputStream in, String name, String prefix) {
        this(in, name, prefix, UNBOUNDED);
    }

    /**
     * Shows every image.
     *
     * @throws DamagedSourceException if the tar is damaged; the images before the damage were shown
     */
    @Override
    public void forEach(Visitor visitor) throws IOException {
        TarSamples samples = new TarSamples(in, limits);
        Optional<TarSample> next = samples.next();
        while (next.isPresent()) {
            if (!next.get().cutOff()) {
                visitor.visit(image(next.get()));
            }
            next = samples.next();
        }
        if (samples.damage().isPresent()) {
            throw new DamagedSourceException(name, samples.damage().get());
        }
    }

    private SourceImage image(TarSample sample) {
        try {
            TarSample.requireKey(sample.key());
            Optional<SourceLabel> label = sample.label().present()
                    ? Optional.of(new SourceLabel.Index(sample.classIndex()))
                    : Optional.empty();
            return new SourceImage(prefix + inside(sample.key()), () -> sample.encoded(limits.entryBytes()), label);
        } catch (UnusableImageException e) {
            return SourceImage.unusable(prefix + PrintableText.of(sample.key()), e.kind(), e.getMessage());
        }
    }

    /** No key leads out of the place where a shard is unpacked. The last part of a key has no dots, so something is left. */
    private static String inside(String key) {
        return Arrays.stream(key.split("/", -1))
                .filter(part -> !OUTSIDE.contains(part))
                .collect(Collectors.joining("/"));
    }
}
