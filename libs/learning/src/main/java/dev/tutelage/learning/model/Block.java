package dev.tutelage.learning.model;

/** What a residual block is made of. */
public enum Block {
    /** Two 3x3 convolutions: ResNet-18 and 34. */
    BASIC(1),
    /** 1x1, 3x3 and 1x1, the last one four times as wide: ResNet-50, 101 and 152. */
    BOTTLENECK(4);

    private final int expansion;

    Block(int expansion) {
        this.expansion = expansion;
    }

    /** How many times wider its output is than its inner convolutions. */
    public int expansion() {
        return expansion;
    }
}
