package io.millrace.cli.watch;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Addresses of workers' figures. A host name that stands for several machines, as a service of compose or a headless one
 * of Kubernetes does, means all of them.
 *
 * <p>Thread-safe.
 */
final class WorkerAddresses {
    private static final String METRICS = "/metrics";

    private WorkerAddresses() {}

    /**
     * Asks the resolver, which may take a while.
     *
     * @param told addresses such as {@code http://worker:8080}
     */
    static Set<String> resolve(Collection<URI> told) {
        Set<String> addresses = new TreeSet<>();
        told.forEach(address -> addresses.addAll(resolve(address)));
        return addresses;
    }

    private static Set<String> resolve(URI told) {
        URI metrics = withPath(told, told.getHost());
        try {
            List<String> machines = machines(told.getHost());
            return told.getScheme().equals("http") && machines.size() > 1
                    ? machines.stream()
                            .map(machine -> withPath(told, machine).toString())
                            .collect(Collectors.toSet())
                    : Set.of(metrics.toString());
        } catch (UnknownHostException e) {
            return Set.of(metrics.toString()); // asking it will say so
        }
    }

    /** A machine with both kinds of addresses is one; this machine is one as well. */
    private static List<String> machines(String host) throws UnknownHostException {
        InetAddress[] all = InetAddress.getAllByName(host);
        List<String> old = Arrays.stream(all)
                .filter(address -> address.getAddress().length == 4)
                .map(InetAddress::getHostAddress)
                .distinct()
                .toList();
        if (Arrays.stream(all).anyMatch(InetAddress::isLoopbackAddress)) {
            return List.of(host);
        }
        return old.isEmpty()
                ? Arrays.stream(all).map(InetAddress::getHostAddress).distinct().toList()
                : old;
    }

    private static URI withPath(URI told, String host) {
        String path = told.getPath() == null
                        || told.getPath().isEmpty()
                        || told.getPath().equals("/")
                ? METRICS
                : told.getPath();
        try {
            return new URI(told.getScheme(), null, host, told.getPort(), path, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no address of a worker: " + told, e);
        }
    }
}
