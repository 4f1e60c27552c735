package dev.healthcheck.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class Application {
    public static void main(String... arguments) {
        SpringApplication.run(Application.class, arguments);
    }
}
