package dev.healthcheck.checks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Looks up a name: {@link InetAddress#getAllByName}, except in tests. */
@FunctionalInterface
interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;

    /**
     * Returns the addresses of {@code host}, at least one. Leaves out {@code 0.0.0.0} and {@code ::}. Some name servers return
     * them for blocked names, and a connection to them reaches this machine.
     */
    default InetAddress[] usableAddresses(String host) throws UnknownHostException {
        List<InetAddress> usable = new ArrayList<>();
        for (InetAddress address : resolve(host)) {
            if (!address.isAnyLocalAddress()) {
                usable.add(address);
            }
        }
        if (usable.isEmpty()) {
            throw new UnknownHostException(host + " has no address but the one that stands for this machine");
        }
        return usable.toArray(new InetAddress[0]);
    }
}
