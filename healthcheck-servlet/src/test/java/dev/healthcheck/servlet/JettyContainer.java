package dev.healthcheck.servlet;

import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty. Subclasses choose the version of the Servlet API by the type of the context. */
abstract class JettyContainer extends Container {
    private final Server server = new Server(new QueuedThreadPool(THREADS, THREADS));
    private final ServerConnector connector = new ServerConnector(server, 1, 1);

    JettyContainer() {
        connector.setAcceptedSendBufferSize(SEND_BUFFER);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
    }

    /** Returns the root context, with this container as its initializer. */
    abstract Handler context();

    @Override
    final int start() throws Exception {
        server.setHandler(compresses() ? compressing(context()) : context());
        server.start();
        return connector.getLocalPort();
    }

    private static Handler compressing(Handler context) {
        CompressionHandler compression = new CompressionHandler();
        compression.putCompression(new GzipCompression());
        compression.setHandler(context);
        return compression;
    }

    @Override
    final void stop() throws Exception {
        server.stop();
    }
}
