/** A Spring Boot application whose Actuator answers in time. */
package dev.healthcheck.examples.springboot;
