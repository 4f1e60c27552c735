package dev.healthcheck.checks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;

/** The name of a TLS server, for the handshake and for a look at its certificate. Not a proof of identity. */
final class ServerName {
    private static final int DNS_NAME = 2;

    private final String host;

    ServerName(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        this.host = name.toLowerCase(Locale.ROOT);
    }

    /** Returns no name for an address. The JDK by itself sends none either if the name has no dot, or an underscore. */
    List<SNIServerName> forHandshake() {
        if (isAddress()) {
            return List.of();
        }
        try {
            return List.of(new SNIHostName(host));
        } catch (IllegalArgumentException e) {
            return List.of(new Unusual(host));
        }
    }

    /**
     * Returns whether the certificate names the server. An address is not looked for, because the server then presents the
     * certificate of any of its names. A certificate that names no server has its name in another place, and passes.
     */
    boolean isIn(X509Certificate certificate) throws CertificateParsingException {
        List<String> names = names(certificate);
        return isAddress() || names.isEmpty() || names.stream().anyMatch(this::isCoveredBy);
    }

    static List<String> names(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        List<String> names = new ArrayList<>();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) { // type, value
                if (alternative.get(0).equals(DNS_NAME)) {
                    names.add((String) alternative.get(1));
                }
            }
        }
        return names;
    }

    /** A wildcard stands for the first label, and for no more. */
    boolean isCoveredBy(String name) {
        String pattern = name.toLowerCase(Locale.ROOT);
        int dot = host.indexOf('.');
        return pattern.equals(host) || (dot > 0 && pattern.equals("*" + host.substring(dot)));
    }

    private boolean isAddress() {
        return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    /** A name that the rules for hosts do not allow, and that services have nevertheless. */
    private static final class Unusual extends SNIServerName {
        Unusual(String host) {
            super(StandardConstants.SNI_HOST_NAME, host.getBytes(US_ASCII));
        }
    }
}
