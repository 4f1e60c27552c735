package dev.healthcheck.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.Servlet;
import java.util.Map;

/** The server without health checks: the most that any contender on it can reach. */
public final class BareServer extends OnJetty {
    private static final byte[] BODY = "{\"status\":\"UP\"}".getBytes(US_ASCII);

    /** Asked to by the service loader. */
    public BareServer() {}

    @Override
    public String name() {
        return "bare-server";
    }

    @Override
    public void start(Map<String, Check> checks) {}

    @Override
    public Object report() {
        return BODY;
    }

    @Override
    public byte[] json() {
        return BODY.clone();
    }

    @Override
    protected Servlet servlet() {
        return new Constant(BODY);
    }
}
