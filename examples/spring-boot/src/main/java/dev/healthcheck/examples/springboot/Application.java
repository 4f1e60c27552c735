package dev.healthcheck.examples.springboot;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

@SpringBootApplication
public class Application {
    private static final int MANY = 1_000;

    public static void main(String... arguments) {
        SpringApplication.run(Application.class, arguments);
    }

    /** The check {@code backlog}, beside Spring's {@code db}, {@code diskSpace} and others. */
    @Bean
    HealthCheck backlogHealthCheck(ThreadPoolTaskExecutor tasks) {
        return () -> {
            int waiting = tasks.getQueueSize();
            CheckResult result = waiting < MANY
                    ? CheckResult.up()
                    : CheckResult.down("too many tasks wait").withReason("backlog");
            return result.withDetail("waiting", waiting);
        };
    }
}
