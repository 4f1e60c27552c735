import org.jspecify.annotations.NullMarked;

/** Runs the health indicators of Spring Boot in a registry. */
@NullMarked
// Spring's jars have no module-info; their names are in their manifests, so requiring them is safe.
@SuppressWarnings("requires-automatic")
module dev.healthcheck.spring {
    requires transitive dev.healthcheck;
    requires static transitive org.jspecify;
    requires dev.healthcheck.http;
    requires org.slf4j;
    requires static dev.healthcheck.jdbc;
    requires static dev.healthcheck.micrometer;
    requires static dev.healthcheck.redis;
    requires static dev.healthcheck.servlet; // whose own need of the Servlet API an application may not fulfil
    requires static io.netty.common;
    requires static io.netty.transport;
    requires static jakarta.servlet;
    requires static java.sql;
    requires static lettuce.core;
    requires static micrometer.core;
    requires static reactor.core;
    requires static reactor.netty.core;
    requires static spring.aop;
    requires static spring.beans;
    requires static spring.boot.actuator.autoconfigure;
    requires static spring.boot.actuator;
    requires static spring.boot.autoconfigure;
    requires static spring.boot.data.redis;
    requires static spring.boot.health;
    requires static spring.boot.jdbc;
    requires static spring.boot;
    requires static spring.boot.web.server;
    requires static spring.context;
    requires static spring.core;
    requires static spring.data.redis;
    requires static spring.jdbc;
    requires static spring.web;
    requires static spring.webflux;
    requires static spring.webmvc;

    exports dev.healthcheck.spring;

    opens dev.healthcheck.spring; // Spring makes its beans by reflection
}
