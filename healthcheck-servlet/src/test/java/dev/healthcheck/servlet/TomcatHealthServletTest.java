package dev.healthcheck.servlet;

class TomcatHealthServletTest extends HealthServletContract {
    @Override
    Container newContainer() {
        return new TomcatContainer();
    }
}
