package dev.healthcheck.checks;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** Judges the dates and the names of the certificate that a server presents, trusted or not. */
final class CertificateAge implements NetworkCheck {
    private final HostAndPort server;
    private final ServerName name;
    private final Duration minimumLeft;
    private final InstantSource clock;

    CertificateAge(HostAndPort server, Duration minimumLeft, InstantSource clock) {
        this.server = server;
        this.name = new ServerName(server.host());
        this.minimumLeft = minimumLeft;
        this.clock = clock;
    }

    @Override
    public CheckResult ask(Deadline deadline) throws Exception {
        return server.ask(deadline, this::inspect);
    }

    private CheckResult inspect(Socket connection) throws IOException, GeneralSecurityException {
        X509Certificate leaf = leafShownOn(connection);
        Instant now = clock.instant();
        Instant notAfter = leaf.getNotAfter().toInstant();
        return judge(leaf, now)
                .withDetail("subject", leaf.getSubjectX500Principal().getName())
                .withDetail("notAfter", notAfter)
                .withDetail("daysLeft", Duration.between(now, notAfter).toDays());
    }

    private X509Certificate leafShownOn(Socket connection) throws IOException, GeneralSecurityException {
        CapturingTrustManager trustManager = new CapturingTrustManager();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trustManager}, null);
        try (SSLSocket socket = server.secure(connection, context)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(name.forHandshake());
            socket.setSSLParameters(parameters);
            socket.startHandshake();
        } catch (IOException e) {
            return trustManager.leafOr(e); // a server that asks for a client certificate has presented its own before
        }
        return trustManager.leafOr(new IOException("the server presented no certificate"));
    }

    private CheckResult judge(X509Certificate leaf, Instant now) throws CertificateParsingException {
        if (!name.isIn(leaf)) {
            return CheckResult.down("issued for " + String.join(", ", ServerName.names(leaf)))
                    .withReason("certificate-wrong-host");
        }
        Instant notBefore = leaf.getNotBefore().toInstant();
        Instant notAfter = leaf.getNotAfter().toInstant();
        if (now.isBefore(notBefore)) {
            return CheckResult.down("valid from " + notBefore).withReason("certificate-not-yet-valid");
        }
        if (now.isAfter(notAfter)) {
            return CheckResult.down("valid until " + notAfter).withReason("certificate-expired");
        }
        return now.plus(minimumLeft).isAfter(notAfter)
                ? CheckResult.degraded("valid until " + notAfter).withReason("certificate-expiring")
                : CheckResult.up();
    }
}
