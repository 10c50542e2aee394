package dev.tutelage.platform.artifact;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/**
 * Digests, each with a number, in little memory: 80 to 160 bytes for each (two to four slots of 40). A million digests take
 * 84 MB, and 42 MB more while the table grows to that. Open addressing with linear probing. Not thread-safe.
 */
public final class DigestTable {
    private static final int WORDS = 4;
    private static final int FIRST_SLOTS = 1 << 10;
    private static final long FREE = Long.MIN_VALUE;
    private static final long REMOVED = Long.MIN_VALUE + 1;

    private long[] keys = new long[WORDS * FIRST_SLOTS];
    private long[] numbers = free(FIRST_SLOTS);
    /** Slots that are not free, those of removed digests included. */
    private int used;

    private int size;

    /**
     * Gives a digest a number, in place of any that it had.
     *
     * @param number at least {@code Long.MIN_VALUE + 2}
     */
    public void put(Digest digest, long number) {
        if (number <= REMOVED) {
            throw new IllegalArgumentException(number + " is one of the two numbers that mean no number");
        }
        if (2 * (used + 1) > numbers.length) {
            grow();
        }
        long[] words = words(digest);
        int slot = slotOf(words);
        if (numbers[slot] == FREE) {
            used++;
            System.arraycopy(words, 0, keys, WORDS * slot, WORDS);
        }
        if (numbers[slot] <= REMOVED) {
            size++;
        }
        numbers[slot] = number;
    }

    /** The number of a digest, if it has one. */
    public OptionalLong get(Digest digest) {
        long number = numbers[slotOf(words(digest))];
        return number <= REMOVED ? OptionalLong.empty() : OptionalLong.of(number);
    }

    public boolean contains(Digest digest) {
        return get(digest).isPresent();
    }

    /** Takes a digest away, if it is there. */
    public void remove(Digest digest) {
        int slot = slotOf(words(digest));
        if (numbers[slot] > REMOVED) {
            numbers[slot] = REMOVED;
            size--;
        }
    }

    public int size() {
        return size;
    }

    /** Tells all digests with their numbers, in no order. */
    public void forEach(BiConsumer<Digest, Long> taker) {
        for (int slot = 0; slot < numbers.length; slot++) {
            if (numbers[slot] > REMOVED) {
                taker.accept(digest(slot), numbers[slot]);
            }
        }
    }

    /** The slot that holds these words, or the free one where they belong. */
    private int slotOf(long... words) {
        int mask = numbers.length - 1;
        // The bits of a digest are as good as random.
        int slot = (int) words[0] & mask;
        while (numbers[slot] != FREE && !Arrays.equals(keys, WORDS * slot, WORDS * (slot + 1), words, 0, WORDS)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldNumbers = numbers;
        // Where most slots are of removed digests, to clear them is enough.
        int slots = 4 * size > numbers.length ? 2 * numbers.length : numbers.length;
        keys = new long[WORDS * slots];
        numbers = free(slots);
        used = 0;
        for (int old = 0; old < oldNumbers.length; old++) {
            if (oldNumbers[old] > REMOVED) {
                int slot = slotOf(Arrays.copyOfRange(oldKeys, WORDS * old, WORDS * (old + 1)));
                System.arraycopy(oldKeys, WORDS * old, keys, WORDS * slot, WORDS);
                numbers[slot] = oldNumbers[old];
                used++;
            }
        }
    }

    private static long[] free(int slots) {
        long[] numbers = new long[slots];
        Arrays.fill(numbers, FREE);
        return numbers;
    }

    private static long[] words(Digest digest) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(digest.hex()));
        return new long[] {bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong()};
    }

    private Digest digest(int slot) {
        ByteBuffer bytes = ByteBuffer.allocate(WORDS * Long.BYTES);
        for (int word = 0; word < WORDS; word++) {
            bytes.putLong(keys[WORDS * slot + word]);
        }
        return new Digest(HexFormat.of().formatHex(bytes.array()));
    }
}
