package dev.healthcheck.servlet;

class JettyEe10HealthServletTest extends HealthServletContract {
    @Override
    Container newContainer() {
        return new JettyEe10Container();
    }
}
