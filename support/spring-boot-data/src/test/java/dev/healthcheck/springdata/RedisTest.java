package dev.healthcheck.springdata;

import static dev.healthcheck.springdata.Applications.details;
import static dev.healthcheck.springdata.Applications.health;
import static dev.healthcheck.springdata.Applications.paths;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Patience;
import dev.healthcheck.testkit.Ports;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.data.redis.health.DataRedisReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import redis.embedded.RedisSentinel;
import redis.embedded.RedisServer;

/** Applications with connection factories to real servers. */
class RedisTest {
    private static final Duration RECOVERY = Duration.ofSeconds(3);

    private static int port;
    private static RedisServer server;

    private final ApplicationContextRunner application = Applications.runner()
            .withPropertyValues(
                    "spring.data.redis.port=" + port,
                    "management.health.redis.enabled=true",
                    "healthcheck.checks.redis.cache-for=0s");

    @BeforeAll
    static void start() throws IOException {
        port = Ports.free();
        server = server(port);
        server.start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.stop();
    }

    private static RedisServer server(int port, String... settings) throws IOException {
        var builder = RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("save \"\"");
        List.of(settings).forEach(builder::setting);
        return builder.build();
    }

    @Test
    void redis_of_Lettuce_is_the_check_redis() {
        application.run(context -> {
            assertThat(health(context, "redis").getStatus()).isEqualTo(Status.UP);
            assertThat(context.getBean(HealthCheckRegistry.class).names()).contains("redis");
            assertThat(context).doesNotHaveBean(DataRedisReactiveHealthIndicator.class);
        });
    }

    @Test
    void the_check_has_the_details_of_Spring() {
        AtomicReference<Map<String, Object>> plain = new AtomicReference<>();
        application
                .withPropertyValues("healthcheck.redis.enabled=false")
                .run(context -> plain.set(details(context, "redis")));

        application.run(context ->
                assertThat(details(context, "redis")).isEqualTo(plain.get()).containsOnlyKeys("version"));
    }

    @Test
    void a_failure_has_a_reason() {
        application
                .withPropertyValues("spring.data.redis.port=" + Ports.free())
                .run(context -> assertReason(context, "disconnected"));
    }

    @Test
    void the_check_survives_a_pause_of_the_context_and_a_stop() {
        application.run(context -> {
            assertThat(health(context, "redis").getStatus()).isEqualTo(Status.UP);
            ConfigurableApplicationContext source = context.getSourceApplicationContext();

            source.pause();
            source.restart();
            assertUpAgain(context);

            source.stop();
            assertReason(context, "no-client");
            source.start();
            assertUpAgain(context);
        });
    }

    private static void assertUpAgain(ApplicationContext context) {
        await().atMost(Patience.patiently(RECOVERY))
                .untilAsserted(
                        () -> assertThat(health(context, "redis").getStatus()).isEqualTo(Status.UP));
    }

    private static void assertReason(ApplicationContext context, String reason) {
        assertThat(details(context, "redis"))
                .hasEntrySatisfying(
                        "healthcheck", block -> assertThat(block).asString().contains("reason=" + reason));
    }

    @Test
    void the_paths_of_several_factories_are_those_of_Spring() {
        ApplicationContextRunner several = application.withUserConfiguration(Several.class);
        AtomicReference<Set<String>> plain = new AtomicReference<>();
        several.withPropertyValues("healthcheck.redis.enabled=false").run(context -> plain.set(paths(context)));

        several.run(context -> {
            assertThat(paths(context)).isEqualTo(plain.get()).contains("/redis/first", "/redis/second");
            assertThat(health(context, "redis").getStatus()).isEqualTo(Status.UP);
            assertThat(context.getBean(HealthCheckRegistry.class).names()).contains("redis.first", "redis.second");
        });
    }

    @Test
    void a_cluster_is_asked_for_its_state_and_has_the_details_of_Spring() throws IOException {
        int node = Ports.free();
        RedisServer cluster = server(node, "cluster-enabled yes", "cluster-announce-ip 127.0.0.1");
        cluster.start();
        try {
            LettuceConnectionFactory factory =
                    new LettuceConnectionFactory(new RedisClusterConfiguration(List.of("127.0.0.1:" + node)));
            application.withBean(LettuceConnectionFactory.class, () -> factory).run(context -> {
                assertReason(context, "cluster-down");
                serveAllSlots(node);
                await().untilAsserted(() ->
                        assertThat(health(context, "redis").getStatus()).isEqualTo(Status.UP));
                assertThat(details(context, "redis"))
                        .containsEntry("cluster_size", 1L)
                        .containsEntry("slots_up", 16_384L)
                        .containsEntry("slots_fail", 0L);
            });
        } finally {
            cluster.stop();
        }
    }

    private static void serveAllSlots(int node) {
        try (RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", node))) {
            client.connect().sync().clusterAddSlots(IntStream.range(0, 16_384).toArray());
        }
    }

    @Test
    void sentinels_name_the_server() throws IOException {
        RedisSentinel sentinel = RedisSentinel.newRedisSentinel()
                .bind("127.0.0.1")
                .port(Ports.free())
                .masterName("master")
                .masterPort(port)
                .quorumSize(1)
                .build();
        sentinel.start();
        try {
            LettuceConnectionFactory factory = new LettuceConnectionFactory(new RedisSentinelConfiguration(
                    "master", Set.of("127.0.0.1:" + sentinel.ports().get(0))));
            application.withBean(LettuceConnectionFactory.class, () -> factory).run(context -> await().untilAsserted(
                            () -> assertThat(health(context, "redis").getStatus())
                                    .isEqualTo(Status.UP)));
        } finally {
            sentinel.stop();
        }
    }

    /** The native client of the first knows no address, that of the second does not exist yet, and the third has none. */
    @Test
    void Spring_keeps_its_indicator_for_factories_whose_client_we_cannot_use() {
        LettuceConnectionFactory masterAndReplicas =
                new LettuceConnectionFactory(new RedisStaticMasterReplicaConfiguration("127.0.0.1", port));
        LettuceConnectionFactory late = lettuce();
        late.setEarlyStartup(false);
        JedisConnectionFactory jedis = new JedisConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", port));

        application
                .withBean(
                        "masterAndReplicas",
                        RedisConnectionFactory.class,
                        () -> masterAndReplicas,
                        bean -> bean.setPrimary(true))
                .withBean("late", RedisConnectionFactory.class, () -> late)
                .withBean("jedis", RedisConnectionFactory.class, () -> jedis)
                .run(context -> {
                    for (String name : List.of("masterAndReplicas", "late", "jedis")) {
                        assertThat(details(context, "redis", name)).containsKey("version");
                    }
                });
    }

    @Test
    void there_is_no_check_if_the_application_turns_it_off() {
        Applications.runner().run(context -> assertThat(paths(context)).doesNotContain("/redis"));
    }

    private static LettuceConnectionFactory lettuce() {
        return new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", port));
    }

    @Configuration(proxyBeanMethods = false)
    static class Several {
        @Bean
        @Primary
        LettuceConnectionFactory first() {
            return lettuce();
        }

        @Bean
        LettuceConnectionFactory second() {
            return lettuce();
        }
    }
}
