package dev.tutelage.cli.export;

import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.remote.GatewayException;
import dev.tutelage.control.softlabel.CsvLabels;
import dev.tutelage.control.softlabel.LabelSink;
import dev.tutelage.control.softlabel.ParquetLabels;
import dev.tutelage.control.softlabel.WebDatasetLabels;
import dev.tutelage.control.softlabel.WebDatasetTar;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
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
        long receive(GatewayClient gateway, String path, Path output)
                throws GatewayException, IOException, InterruptedException {
            gateway.download(path, output);
            try (Stream<String> lines = Files.lines(output)) {
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
        long receive(GatewayClient gateway, String path, Path output)
                throws GatewayException, IOException, InterruptedException {
            gateway.download(path, output);
            return ParquetLabels.count(output);
        }
    },
    /** A directory of tars, one a shard, of the images with their labels. */
    WEBDATASET {
        @Override
        LabelSink open(Path output, List<String> classes, ArtifactStore store) throws IOException {
            return new WebDatasetLabels(output, classes, store);
        }

        @Override
        long receive(GatewayClient gateway, String path, Path output)
                throws GatewayException, IOException, InterruptedException {
            if (Files.exists(output)) {
                throw new FileAlreadyExistsException(output.toString());
            }
            Path tar = Files.createTempDirectory(output.toAbsolutePath().getParent(), ".labels-")
                    .resolve("labels.tar");
            try {
                gateway.download(path, tar);
                try (InputStream in = Files.newInputStream(tar)) {
                    return WebDatasetTar.split(in, output);
                }
            } finally {
                Files.deleteIfExists(tar);
                Files.delete(tar.getParent());
            }
        }
    };

    /**
     * Writes what a gateway exports.
     *
     * @return how many labels there are
     */
    abstract long receive(GatewayClient gateway, String path, Path output)
            throws GatewayException, IOException, InterruptedException;

    /** As people write it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws java.nio.file.FileAlreadyExistsException if there is something at the output */
    abstract LabelSink open(Path output, List<String> classes, ArtifactStore store) throws IOException;
}
