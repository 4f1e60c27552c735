package dev.healthcheck.checks;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Judges the dates of the certificate that a server presents, trusted or not, and nothing else. */
final class CertificateAge implements NetworkCheck {
    private final HostAndPort server;
    private final Duration minimumLeft;
    private final InstantSource clock;

    CertificateAge(HostAndPort server, Duration minimumLeft, InstantSource clock) {
        this.server = server;
        this.minimumLeft = minimumLeft;
        this.clock = clock;
    }

    @Override
    public CheckResult ask(Deadline deadline) throws IOException, GeneralSecurityException {
        try (Socket connection = server.connect(deadline)) {
            X509Certificate leaf = leafShownOn(connection);
            return judge(leaf, clock.instant())
                    .withDetail("subject", leaf.getSubjectX500Principal().getName())
                    .withDetail("notAfter", leaf.getNotAfter().toInstant());
        }
    }

    private X509Certificate leafShownOn(Socket connection) throws IOException, GeneralSecurityException {
        CapturingTrustManager trustManager = new CapturingTrustManager();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trustManager}, null);
        try (var socket = server.secure(connection, context)) {
            socket.startHandshake();
        } catch (IOException e) {
            return trustManager.leafOr(e); // a server that asks for a client certificate has presented its own before
        }
        return trustManager.leafOr(new IOException("the server presented no certificate"));
    }

    private CheckResult judge(X509Certificate leaf, Instant now) {
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
