package dev.tutelage.learning.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * WebDataset tars. A {@code .cls} holds the number of the class. If there are several tars, keys begin with the name of
 * theirs, for keys need only differ within one.
 *
 * @param files in their order
 */
public record TarFilesSource(List<Path> files) implements ImageSource {

    public TarFilesSource {
        files = List.copyOf(files);
    }

    @Override
    public void forEach(Visitor visitor) throws IOException {
        for (Path file : files) {
            String prefix = files.size() > 1 ? SourceFile.key(file.getFileName()) + "/" : "";
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
                read(file, new TarSamples(in, ShardLimits.DEFAULT), prefix, visitor);
            }
        }
    }

    private static void read(Path file, TarSamples samples, String prefix, Visitor visitor) throws IOException {
        Optional<TarSample> next = samples.next();
        while (next.isPresent()) {
            if (!next.get().cutOff()) {
                visitor.visit(image(prefix, next.get()));
            }
            next = samples.next();
        }
        if (samples.damage().isPresent()) {
            throw new IOException(file + " is damaged: " + samples.damage().get());
        }
    }

    private static SourceImage image(String prefix, TarSample sample) {
        String key = prefix + PrintableText.of(sample.key());
        try {
            TarSample.requireKey(sample.key());
            Optional<SourceLabel> label = sample.label().present()
                    ? Optional.of(new SourceLabel.Index(sample.classIndex()))
                    : Optional.empty();
            return new SourceImage(
                    prefix + sample.key(), () -> sample.encoded(ShardLimits.DEFAULT.entryBytes()), label);
        } catch (UnusableImageException e) {
            return SourceImage.unusable(key, e.kind(), e.getMessage());
        }
    }
}
