package dev.tutelage.learning.train;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.model.Weights;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a training is, as a hash: of its recipe, its images and labels, and the weights it starts from. */
final class Identity {

    private final MessageDigest digest;

    Identity(String phase, String recipe) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        add(phase);
        add(recipe);
    }

    Identity with(ImageSet images) {
        for (int i = 0; i < images.size(); i++) {
            add(images.digest(i) + ":" + images.label(i).orElse(-1));
        }
        return this;
    }

    Identity with(Weights weights) {
        weights.tensors().forEach((name, tensor) -> {
            add(name);
            ByteBuffer values = tensor.toByteBuffer();
            digest.update(values);
        });
        return this;
    }

    Identity with(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes);
        return this;
    }

    /** The hash in hex; ends this object's use. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}
