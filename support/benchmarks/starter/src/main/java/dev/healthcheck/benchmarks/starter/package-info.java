/** The contender that is Spring Boot Actuator with the starter of this library. */
package dev.healthcheck.benchmarks.starter;
