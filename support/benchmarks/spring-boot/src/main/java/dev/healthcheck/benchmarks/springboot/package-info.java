/** What is compared. */
package dev.healthcheck.benchmarks.springboot;
