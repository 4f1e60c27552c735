package dev.healthcheck.spring;

import org.junit.jupiter.api.Tag;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;

/** WebFlux on Netty, which has a thread for each processor. */
@Tag("slow")
class HangOverNettyTest extends HangOverHttpContract {

    @Override
    Class<?> application() {
        return OnNetty.class;
    }

    @Override
    WebApplicationType type() {
        return WebApplicationType.REACTIVE;
    }

    static class OnNetty extends Application {

        @Bean
        NettyReactiveWebServerFactory netty() {
            return new NettyReactiveWebServerFactory();
        }
    }
}
