package dev.tutelage.learning.data;

/** A decoded image and the digest of the bytes that it was decoded from. */
final class DecodedPixels {
    private final byte[] values;
    private final String digest;

    private DecodedPixels(byte[] values, String digest) {
        this.values = values;
        this.digest = digest;
    }

    static DecodedPixels of(byte[] encoded, ImageShape shape) throws UnusableImageException {
        return new DecodedPixels(ImageCodec.decode(encoded, shape), Sha256.of(encoded));
    }

    /** uint8, [C, H, W]; not to be changed. */
    byte[] values() {
        return values;
    }

    /** SHA-256, in hex. */
    String digest() {
        return digest;
    }
}
