package dev.healthcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key with a certificate for one host that it has signed itself and that is valid for 90 days. */
public final class Identity {
    private static final char[] PASSWORD = "password".toCharArray();

    private final KeyStore store;

    private Identity(KeyStore store) {
        this.store = store;
    }

    public static Identity create(Path directory, String host) throws Exception {
        Path file = directory.resolve("identity.p12");
        Process keytool = new ProcessBuilder(command(file, host))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return new Identity(store);
    }

    private static List<String> command(Path file, String host) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", "own", "-keyalg", "EC", "-dname", "CN=" + host));
        command.addAll(List.of("-ext", "SAN=dns:" + host, "-validity", "90", "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", "password", "-keystore", file.toString()));
        return command;
    }

    public X509Certificate certificate() throws Exception {
        return (X509Certificate) store.getCertificate("own");
    }

    /** Shows this certificate, and trusts it. */
    public SSLContext context() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("own", certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
