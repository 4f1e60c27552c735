package dev.healthcheck.checks;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks up a name: {@link InetAddress#getAllByName}, except in tests. */
@FunctionalInterface
interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
}
