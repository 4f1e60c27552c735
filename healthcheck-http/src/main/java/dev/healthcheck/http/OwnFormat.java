package dev.healthcheck.http;

/** A format of this library. Unlike those of users it never blocks, so any thread may call it. */
interface OwnFormat extends HealthFormat {}
