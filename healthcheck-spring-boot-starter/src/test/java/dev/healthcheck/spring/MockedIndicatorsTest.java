package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.when;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

/** Indicators that a test of an application replaces. */
@Tag("slow")
@SpringBootTest(
        webEnvironment = WebEnvironment.NONE,
        properties = {
            "management.endpoints.web.exposure.include=health",
            "healthcheck.answer-within=30s",
            "healthcheck.defaults.timeout=30s",
            "healthcheck.checks.mocked.cache-for=0s",
            "healthcheck.checks.spied.cache-for=0s"
        })
class MockedIndicatorsTest {

    @MockitoBean
    private Mocked mocked;

    @MockitoSpyBean
    private Spied spied;

    @Autowired
    private HealthEndpoint endpoint;

    @Test
    void a_mock_that_says_nothing_is_left_out() {
        assertThat(((CompositeHealthDescriptor) endpoint.health()).getComponents())
                .containsKey("spied")
                .doesNotContainKey("mocked");
    }

    @Test
    void a_mock_says_what_its_test_tells_it() {
        when(mocked.health(anyBoolean())).thenReturn(Health.down().build());
        when(mocked.health()).thenReturn(Health.down().build());

        assertThat(endpoint.healthForPath("mocked").getStatus()).isEqualTo(Status.DOWN);
        assertThat(endpoint.health().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void a_spy_says_what_its_test_tells_it_and_else_what_the_indicator_says() {
        assertThat(endpoint.healthForPath("spied").getStatus()).isEqualTo(Status.UP);

        doReturn(Health.outOfService().build()).when(spied).health();
        assertThat(endpoint.healthForPath("spied").getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        doReturn(Health.down().build()).when(spied).health(anyBoolean());
        assertThat(endpoint.healthForPath("spied").getStatus()).isEqualTo(Status.DOWN);
    }

    static class Mocked implements HealthIndicator {

        @Override
        public Health health() {
            return Health.up().build();
        }
    }

    static class Spied extends Mocked {}

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Mocked mocked() {
            return new Mocked();
        }

        @Bean
        Spied spied() {
            return new Spied();
        }
    }
}
