package dev.tutelage.gateway.upload;

import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.ClassNames;
import dev.tutelage.learning.data.ImageCheck;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.SourceImage;
import dev.tutelage.learning.data.SourceLabel;
import dev.tutelage.learning.data.UnusableImageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;

/** Looks at the images of one request as they come, one at a time, and puts those that the task can use on the disk. */
final class Intake implements RequestBody.Taker {
    private final TaskDeclared task;
    private final SpoolFile file;
    private final int most;
    private final Semaphore decoders;
    private final ContentDigest content = new ContentDigest();
    private final List<Item> items = new ArrayList<>();
    private final List<UsableImage> usable = new ArrayList<>();
    private Terms terms;
    private Optional<ImageCheck> check = Optional.empty();

    /**
     * @param most images that a request may have
     * @param decoders bounds how many images are decoded at once, by whatever requests
     */
    Intake(TaskDeclared task, Terms terms, SpoolFile file, int most, Semaphore decoders) {
        this.task = task;
        this.terms = terms;
        this.file = file;
        this.most = most;
        this.decoders = decoders;
    }

    @Override
    public void field(String name, String value) throws IOException {
        boolean begun = check.isPresent();
        if (name.equals("label")) {
            if (begun && !terms.labeled()) {
                throw new InvalidTermsException("the field label comes after a file: put it before the first");
            }
            terms = terms.withLabel(value);
        } else if (name.equals("split")) {
            if (begun) {
                throw new InvalidTermsException("the field split comes after a file: put it before the first");
            }
            terms = terms.withSplit(Terms.split(value));
        } else {
            throw new InvalidTermsException("the form has a field \"" + ImageName.shown(name)
                    + "\": fields are label and split, and files have a file name");
        }
    }

    @Override
    public void image(String name, SourceImage image) throws IOException {
        if (items.size() >= most) {
            throw new TooLargeException("the request has more than " + most + " images: send them in several requests");
        }
        ImageCheck now = check();
        SourceImage labeled = terms.label().isPresent()
                ? new SourceImage(image.key(), image.content(), terms.label().map(SourceLabel.Name::new))
                : image;
        content.add(name);
        content.add(terms.labeled() ? labeled.label().map(Object::toString).orElse("") : "");
        items.add(look(name, labeled, now));
    }

    /** Takes note that an archive could not be read on. */
    void damaged(String damage) throws IOException {
        check();
        content.add("damaged");
        items.add(new Item.Refused("the archive", "DAMAGED_SHARD", "The archive is damaged: " + damage));
    }

    private Item look(String name, SourceImage image, ImageCheck now) throws IOException {
        try {
            now.requireKey(image.key());
            byte[] encoded = image.content().encoded();
            String digest = Sha256.of(encoded);
            content.add(digest);
            OptionalInt label = now.label(image);
            decode(encoded, now);
            usable.add(new UsableImage(image.key(), digest, label, file.append(encoded), encoded.length));
            return new Item.Usable(name, digest);
        } catch (UnusableImageException e) {
            content.add(e.kind().name());
            return new Item.Refused(name, e.kind().name(), name + " " + e.getMessage());
        }
    }

    private void decode(byte[] encoded, ImageCheck check) throws UnusableImageException {
        decoders.acquireUninterruptibly();
        try {
            check.requireDecodable(encoded);
        } finally {
            decoders.release();
        }
    }

    private ImageCheck check() throws IOException {
        if (check.isEmpty()) {
            terms.requireUseful();
            content.add(terms.split().name() + " " + terms.labeled());
            check = Optional.of(new ImageCheck(
                    shape(), terms.labeled() ? Optional.of(new ClassNames(task.getClassesList())) : Optional.empty()));
        }
        return check.get();
    }

    ImageShape shape() {
        dev.tutelage.event.v1.ImageShape shape = task.getImage();
        return new ImageShape(shape.getChannels(), shape.getHeight(), shape.getWidth());
    }

    Target target() {
        return new Target(task.getTask(), terms.split(), terms.labeled());
    }

    /** What the request asked for, once all of it was told. */
    String content() {
        return content.hex();
    }

    /** All that was told, in its order. */
    List<Item> items() {
        return List.copyOf(items);
    }

    List<UsableImage> usable() {
        return List.copyOf(usable);
    }
}
