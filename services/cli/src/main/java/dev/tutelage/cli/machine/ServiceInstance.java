package dev.tutelage.cli.machine;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One process of a service.
 *
 * @param service the service's name
 * @param number from 1
 */
record ServiceInstance(String service, int number) {

    /** Of each service so many, the first of each first. */
    static List<ServiceInstance> of(List<String> services, int copies) {
        return IntStream.rangeClosed(1, copies)
                .boxed()
                .flatMap(number -> services.stream().map(service -> new ServiceInstance(service, number)))
                .toList();
    }

    /** The process's name: the first has the service's. */
    String name() {
        return number == 1 ? service : service + "-" + number;
    }
}
