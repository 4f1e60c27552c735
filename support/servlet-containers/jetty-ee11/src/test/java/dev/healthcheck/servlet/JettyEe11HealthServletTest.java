package dev.healthcheck.servlet;

class JettyEe11HealthServletTest extends HealthServletContract {
    @Override
    Container newContainer() {
        return new JettyEe11Container();
    }
}
