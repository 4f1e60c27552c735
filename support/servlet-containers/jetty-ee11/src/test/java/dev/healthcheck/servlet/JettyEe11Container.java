package dev.healthcheck.servlet;

import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Handler;

final class JettyEe11Container extends JettyContainer {
    @Override
    Handler context() {
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer(this);
        if (errorPage() != null) {
            ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
            errors.addErrorPage(500, errorPage());
            context.setErrorHandler(errors);
        }
        return context;
    }
}
