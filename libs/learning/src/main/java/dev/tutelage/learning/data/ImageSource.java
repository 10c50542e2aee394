package dev.tutelage.learning.data;

import java.io.IOException;

/** A place that images come from, in one of the formats that data sets are published in. */
public sealed interface ImageSource
        permits CifarSource, CsvSource, FolderSource, IdxSource, TarFilesSource, TarStreamSource {

    /** Takes an image. */
    @FunctionalInterface
    interface Visitor {
        void visit(SourceImage image) throws IOException;
    }

    /**
     * Shows every image, in an order that is the same each time. A part that is wrong by itself, such as a row of a table,
     * is shown as an image that cannot be used.
     *
     * @throws IOException naming the file, and the line or place in it, if the source cannot be read on
     */
    void forEach(Visitor visitor) throws IOException;
}
