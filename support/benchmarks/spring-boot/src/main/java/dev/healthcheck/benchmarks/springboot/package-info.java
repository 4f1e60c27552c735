/** The contenders of Spring Boot Actuator. */
package dev.healthcheck.benchmarks.springboot;
