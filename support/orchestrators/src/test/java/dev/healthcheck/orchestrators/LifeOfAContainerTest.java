package dev.healthcheck.orchestrators;

import java.io.IOException;
import org.junit.jupiter.api.Tag;

@Tag("docker")
class LifeOfAContainerTest extends LifeContract {

    @Override
    OrdersService start() throws IOException {
        return new ServiceContainer();
    }
}
