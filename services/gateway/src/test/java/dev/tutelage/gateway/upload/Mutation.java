package dev.tutelage.gateway.upload;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What befalls bytes on their way, or what somebody does to them. */
enum Mutation {
    CUT {
        @Override
        byte[] of(byte[] bytes, SplittableRandom random) {
            return Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
    },
    FLIPPED {
        @Override
        byte[] of(byte[] bytes, SplittableRandom random) {
            byte[] changed = bytes.clone();
            for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return changed;
        }
    },
    /** Four bytes are a number that readers often get wrong. */
    NUMBERED {
        @Override
        byte[] of(byte[] bytes, SplittableRandom random) {
            int[] numbers = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7f, 0xffff};
            int number = numbers[random.nextInt(numbers.length)];
            byte[] changed = bytes.clone();
            int at = random.nextInt(changed.length - 4);
            for (int i = 0; i < 4; i++) {
                changed[at + i] = (byte) (number >>> (8 * i));
            }
            return changed;
        }
    },
    ZEROED {
        @Override
        byte[] of(byte[] bytes, SplittableRandom random) {
            int from = random.nextInt(bytes.length);
            byte[] changed = bytes.clone();
            Arrays.fill(changed, from, to(bytes, from, random), (byte) 0);
            return changed;
        }
    },
    REMOVED {
        @Override
        byte[] of(byte[] bytes, SplittableRandom random) {
            int from = random.nextInt(bytes.length);
            return joined(bytes, from, to(bytes, from, random), bytes.length);
        }
    },
    REPEATED {
        @Override
        byte[] of(byte[] bytes, SplittableRandom random) {
            int from = random.nextInt(bytes.length);
            return joined(bytes, to(bytes, from, random), from, bytes.length);
        }
    },
    FOLLOWED_BY_NOISE {
        @Override
        byte[] of(byte[] bytes, SplittableRandom random) {
            byte[] noise = new byte[1 + random.nextInt(10_000)];
            random.nextBytes(noise);
            return Bytes.join(bytes, noise);
        }
    };

    /** The bytes with a random change; equal random numbers, equal changes. */
    abstract byte[] of(byte[] bytes, SplittableRandom random);

    private static int to(byte[] bytes, int from, SplittableRandom random) {
        return from + 1 + random.nextInt(bytes.length - from);
    }

    /** The bytes before {@code end}, and then those from {@code begin} on. */
    private static byte[] joined(byte[] bytes, int end, int begin, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, end);
        out.write(bytes, begin, length - begin);
        return out.toByteArray();
    }
}
