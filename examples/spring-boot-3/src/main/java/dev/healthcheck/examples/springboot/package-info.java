/** The library in a Spring Boot application. */
package dev.healthcheck.examples.springboot;
