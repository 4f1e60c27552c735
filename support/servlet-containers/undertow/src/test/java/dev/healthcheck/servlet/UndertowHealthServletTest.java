package dev.healthcheck.servlet;

class UndertowHealthServletTest extends HealthServletContract {
    @Override
    Container newContainer() {
        return new UndertowContainer();
    }
}
