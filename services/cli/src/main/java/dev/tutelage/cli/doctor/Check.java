package dev.tutelage.cli.doctor;

/**
 * What was found about one thing that Tutelage needs.
 *
 * @param name of the thing
 * @param found what there is
 * @param advice what to do; empty if nothing
 */
record Check(String name, Verdict verdict, String found, String advice) {

    /** How much it matters. */
    enum Verdict {
        OK,
        /** It works, but less well than it could. */
        WEAK,
        /** It does not work so. */
        LACKING
    }

    static Check ok(String name, String found) {
        return new Check(name, Verdict.OK, found, "");
    }

    static Check weak(String name, String found, String advice) {
        return new Check(name, Verdict.WEAK, found, advice);
    }

    static Check lacking(String name, String found, String advice) {
        return new Check(name, Verdict.LACKING, found, advice);
    }
}
