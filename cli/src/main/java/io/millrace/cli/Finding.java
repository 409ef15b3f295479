package io.millrace.cli;

/**
 * Something that the doctor looked at.
 *
 * <p>Immutable.
 *
 * @param subject what it is about, in a word or two
 * @param text what was found
 * @param remedy what to do; empty when all is well
 */
record Finding(Verdict verdict, String subject, String text, String remedy) {

    /** How it is. */
    enum Verdict {
        OK,
        /** It works, and might be better. */
        NOTE,
        FAIL
    }

    static Finding ok(String subject, String text) {
        return new Finding(Verdict.OK, subject, text, "");
    }

    static Finding note(String subject, String text, String remedy) {
        return new Finding(Verdict.NOTE, subject, text, remedy);
    }

    static Finding fail(String subject, String text, String remedy) {
        return new Finding(Verdict.FAIL, subject, text, remedy);
    }

    @Override
    public String toString() {
        String line = String.format("%-5s %-10s %s", verdict, subject, text);
        return remedy.isEmpty() ? line : line + System.lineSeparator() + " ".repeat(17) + "-> " + remedy;
    }
}
