package dev.healthcheck.servlet;

class JettyHealthServletTest extends HealthServletContract {
    @Override
    Container newContainer() {
        return new JettyContainer();
    }
}
