package dev.healthcheck.checks;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks a name up; {@link InetAddress#getAllByName} but in tests. */
@FunctionalInterface
interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
}
