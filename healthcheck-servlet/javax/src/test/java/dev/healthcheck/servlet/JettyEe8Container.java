package dev.healthcheck.servlet;

import org.eclipse.jetty.ee8.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Handler;

final class JettyEe8Container extends JettyContainer {
    @Override
    Handler context() {
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer(this);
        return context.get();
    }
}
