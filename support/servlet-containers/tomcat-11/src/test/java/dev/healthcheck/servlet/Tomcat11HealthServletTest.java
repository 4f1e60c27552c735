package dev.healthcheck.servlet;

class Tomcat11HealthServletTest extends HealthServletContract {
    @Override
    Container newContainer() {
        return new TomcatContainer();
    }
}
