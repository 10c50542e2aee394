package dev.tutelage.cli.demo;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.learning.data.Idx;
import dev.tutelage.learning.data.ImageSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The images of the demo.
 *
 * @param unlabeled the training images, without their labels
 * @param labeled the few of them whose labels are used
 * @param heldOut the test images
 */
record Sample(ImageSet unlabeled, ImageSet labeled, ImageSet heldOut) {

    /**
     * Reads the sample and draws the labels that are used: the same number of each class.
     *
     * @param files of the sample
     * @param classes of the task
     * @param labels in all
     * @param seed of the draw
     */
    static Sample read(SampleFiles files, int classes, int labels, long seed) throws IOException {
        ImageSet train = train(files);
        ImageSet test = Idx.labeled(files.testImages(), files.testLabels());
        return new Sample(train.withoutLabels(), train.subset(draw(train, classes, labels / classes, seed)), test);
    }

    /**
     * Images that come later.
     *
     * @param unlabeled without their labels
     * @param labeled the few of them whose labels are used
     */
    record Arrival(ImageSet unlabeled, ImageSet labeled) {

        /** Reads them and draws the labels that are used: the same number of each class. */
        static Arrival read(SampleFiles files, int classes, int labels, long seed) throws IOException {
            ImageSet more = Idx.labeled(files.moreImages(), files.moreLabels());
            return new Arrival(more.withoutLabels(), more.subset(draw(more, classes, labels / classes, seed)));
        }
    }

    /** Numbers of the training images whose labels {@link #read} uses. */
    static int[] drawn(SampleFiles files, int classes, int labels, long seed) throws IOException {
        return draw(train(files), classes, labels / classes, seed);
    }

    private static ImageSet train(SampleFiles files) throws IOException {
        return Idx.labeled(files.trainImages(), files.trainLabels());
    }

    private static int[] draw(ImageSet images, int classes, int perClass, long seed) {
        Random random = new Random(seed);
        List<Integer> drawn = new ArrayList<>();
        for (int wanted = 0; wanted < classes; wanted++) {
            int label = wanted;
            List<Integer> members = new ArrayList<>(IntStream.range(0, images.size())
                    .filter(i -> images.label(i).orElseThrow() == label)
                    .boxed()
                    .toList());
            Collections.shuffle(members, random);
            drawn.addAll(members.subList(0, Math.min(perClass, members.size())));
        }
        return drawn.stream().mapToInt(Integer::intValue).toArray();
    }
}
