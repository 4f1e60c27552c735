package dev.healthcheck.checks;

import java.net.URI;
import java.net.URISyntaxException;

/** The arguments of the {@link ProbeClient}. Immutable once parsed. */
final class ProbeArguments {
    private static final int DEFAULT_TIMEOUT_MILLIS = 2000;
    private static final int LONGEST_MILLIS = 600_000;

    final GetRequest request;
    final HostAndPort server;
    private int timeoutMillis = DEFAULT_TIMEOUT_MILLIS;
    private int waitMillis;
    private boolean trustLoopback;

    private ProbeArguments(GetRequest request, Resolver resolver) {
        this.request = request;
        server = new HostAndPort(request.host(), request.port(), resolver);
    }

    /**
     * Returns the arguments.
     *
     * @throws IllegalArgumentException if they are not those of the usage
     * @throws URISyntaxException if the last one is no URI
     */
    static ProbeArguments parse(Resolver resolver, String... arguments) throws URISyntaxException {
        int last = arguments.length - 1;
        require(last >= 0);
        ProbeArguments parsed = new ProbeArguments(GetRequest.to(new URI(arguments[last])), resolver);
        for (int i = 0; i < last; i++) {
            if (arguments[i].equals("--trust-loopback")) {
                parsed.trustLoopback = true;
            } else {
                require(i + 1 < last);
                parsed.set(arguments[i], millis(arguments[++i]));
            }
        }
        return parsed;
    }

    private void set(String name, int millis) {
        if (name.equals("--timeout")) {
            timeoutMillis = millis;
        } else {
            require(name.equals("--wait"));
            waitMillis = millis;
        }
    }

    private static int millis(String text) {
        require(text.endsWith("s"));
        int unit = text.endsWith("ms") ? 1 : 1000;
        int count = Integer.parseInt(text.substring(0, text.length() - (unit == 1 ? 2 : 1)));
        require(count > 0 && count <= LONGEST_MILLIS / unit);
        return count * unit;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException();
        }
    }

    /** Returns the longest time that one request may take. */
    int timeoutMillis() {
        return timeoutMillis;
    }

    /** Returns for how long to ask again; zero if the program asks once. */
    int waitMillis() {
        return waitMillis;
    }

    boolean trustLoopback() {
        return trustLoopback;
    }
}
