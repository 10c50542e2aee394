package dev.tutelage.cli.export;

import dev.tutelage.control.softlabel.CsvLabels;
import dev.tutelage.control.softlabel.LabelSink;
import dev.tutelage.control.softlabel.ParquetLabels;
import dev.tutelage.control.softlabel.WebDatasetLabels;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How soft labels are written for other programs. */
enum LabelFormat {
    /** One file, one line an image. */
    CSV {
        @Override
        LabelSink open(Path output, List<String> classes, ArtifactStore store) throws IOException {
            return new CsvLabels(
                    Files.newBufferedWriter(output, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW), classes);
        }

        @Override
        long count(Path file) throws IOException {
            try (Stream<String> lines = Files.lines(file)) {
                return lines.skip(1).count();
            }
        }
    },
    /** One Parquet file, one row an image. */
    PARQUET {
        @Override
        LabelSink open(Path output, List<String> classes, ArtifactStore store) throws IOException {
            return new ParquetLabels(Files.newOutputStream(output, StandardOpenOption.CREATE_NEW), classes);
        }

        @Override
        long count(Path file) throws IOException {
            return ParquetLabels.count(file);
        }
    },
    /** A directory of tars, one a shard, of the images with their labels. */
    WEBDATASET {
        @Override
        LabelSink open(Path output, List<String> classes, ArtifactStore store) throws IOException {
            return new WebDatasetLabels(output, classes, store);
        }
    };

    /** How many labels are in a file of that format. */
    long count(Path file) throws IOException {
        throw new IllegalStateException(this + " is no file");
    }

    /** As people write it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws java.nio.file.FileAlreadyExistsException if there is something at the output */
    abstract LabelSink open(Path output, List<String> classes, ArtifactStore store) throws IOException;
}
