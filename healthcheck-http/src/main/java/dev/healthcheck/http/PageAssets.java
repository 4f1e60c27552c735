package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/** The style and script of every page, and headers that allow these and nothing else. Loaded with the first page. */
final class PageAssets {
    static final String STYLE = read("status.css");
    static final String SCRIPT = read("status.js");
    /** Tells an open page that the server has another style or script. */
    static final String VERSION = hash(STYLE + SCRIPT);

    /** Denies each permission by name, as the header knows no name for all. */
    private static final String PERMISSIONS = "accelerometer=(), autoplay=(), camera=(), display-capture=(), "
            + "encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), "
            + "midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), "
            + "usb=(), xr-spatial-tracking=()";

    static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; style-src " + source(STYLE) + "; script-src " + source(SCRIPT)
                    + "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Permissions-Policy",
            PERMISSIONS);

    private PageAssets() {}

    /** Returns an empty text if a repackaged jar has lost the resource: a plain page is better than none. */
    static String read(String resource) {
        try (InputStream in = PageAssets.class.getResourceAsStream(resource)) {
            return in == null ? "" : new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String source(String text) {
        return "'sha256-" + hash(text) + "'";
    }

    private static String hash(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
