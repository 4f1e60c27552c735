package dev.healthcheck.spring;

import org.junit.jupiter.api.Tag;
import org.springframework.boot.WebApplicationType;

@Tag("slow")
class HangOverTomcatTest extends HangOverHttpContract {

    @Override
    Class<?> application() {
        return Application.class;
    }

    @Override
    WebApplicationType type() {
        return WebApplicationType.SERVLET;
    }
}
