package dev.healthcheck.servlet;

import org.eclipse.jetty.ee8.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee8.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Handler;

final class JettyEe8Container extends JettyContainer {
    @Override
    Handler context() {
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer(this);
        if (errorPage() != null) {
            ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
            errors.addErrorPage(500, errorPage());
            context.setErrorHandler(errors);
        }
        return context.get();
    }
}
