package dev.tutelage.cli.machine;

import java.nio.file.Path;
import kafka.Kafka;

/** A real Apache Kafka broker in its own process, which ends when its supervisor does. */
final class BrokerProcess {

    private BrokerProcess() {}

    /** Runs the broker; the one argument is the path of its properties. */
    public static void main(String[] arguments) {
        ParentPipe.watch();
        Kafka.main(new String[] {Path.of(arguments[0]).toString()});
    }
}
