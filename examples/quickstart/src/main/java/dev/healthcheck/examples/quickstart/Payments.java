package dev.healthcheck.examples.quickstart;

import dev.healthcheck.CheckResult;

/** Stands for a client library that waits for ever and ignores interrupts. */
final class Payments {
    private boolean hanging;

    synchronized void hang(boolean on) {
        hanging = on;
        notifyAll();
    }

    synchronized CheckResult check() {
        boolean interrupted = false;
        while (hanging) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return CheckResult.up();
    }
}
