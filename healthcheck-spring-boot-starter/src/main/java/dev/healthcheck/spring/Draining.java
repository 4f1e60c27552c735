package dev.healthcheck.spring;

import static org.springframework.boot.availability.ReadinessState.ACCEPTING_TRAFFIC;
import static org.springframework.boot.availability.ReadinessState.REFUSING_TRAFFIC;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthListener;
import dev.healthcheck.Probe;
import dev.healthcheck.ProbeChange;
import dev.healthcheck.StatusChange;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.util.ClassUtils;

/**
 * Drains the registry when its context closes, and keeps the context as it is until load balancers have probably seen it.
 * In the other direction, a registry that the application drains makes Spring refuse traffic.
 *
 * <p>The wait is part of {@link ContextClosedEvent} and not of a phase of {@code stop()}. A context that is stopped or paused
 * may start again, but draining is for good. Beans that requests need may stop in the first phase, too, and schedulers refuse
 * tasks from the event on. And this wait belongs to no order in which lifecycle beans stop.
 *
 * <p>Nobody waits if nobody probes, if the context has never accepted traffic, or if its web server is not its own: the
 * container of a WAR file has closed its port, or sends no requests any more, when it ends the application.
 */
final class Draining implements SmartApplicationListener, SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(Draining.class);
    private static final boolean MAY_HAVE_SERVER = ClassUtils.isPresent(
            "org.springframework.boot.web.server.context.WebServerApplicationContext", Draining.class.getClassLoader());

    /** Nobody reads in a log that the wait began so much later. */
    private static final Duration A_MOMENT = Duration.ofMillis(500);

    private final Supplier<HealthCheckRegistry> registry;
    private final ConfigurableApplicationContext context;
    private final DrainTimes times;

    /** The application has said so last. */
    private volatile boolean isAccepting;

    private volatile boolean hasAccepted;

    /**
     * Makes a listener.
     *
     * @param registry returns the registry. It is not asked before all beans are there, because the first event that any
     *     bean publishes makes this listener, and the registry may depend on that bean
     */
    Draining(Supplier<HealthCheckRegistry> registry, ConfigurableApplicationContext context, DrainTimes times) {
        this.registry = registry;
        this.context = context;
        this.times = times;
    }

    @Override
    public void afterSingletonsInstantiated() {
        registry.get().addListener(new Drains());
    }

    /**
     * After listeners with an order, some of which withdraw the instance from a registry of services; before those without,
     * among them schedulers and what closes the children of the context.
     */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE - 1;
    }

    @Override
    public boolean supportsAsyncExecution() {
        return false;
    }

    @Override
    public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
        return ContextClosedEvent.class.isAssignableFrom(type) || AvailabilityChangeEvent.class.isAssignableFrom(type);
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof AvailabilityChangeEvent<?> change && change.getState() instanceof ReadinessState state) {
            isAccepting = state == ACCEPTING_TRAFFIC;
            hasAccepted |= isAccepting;
        } else if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == context) {
            drain();
        }
    }

    private void drain() {
        refuse();
        registry.get().drain();
        if (hasAccepted && !isInContainer() && !times.atMost().isZero()) {
            try {
                awaitSeen();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IllegalStateException e) {
                LOG.debug("Does not wait until load balancers have seen that this instance drains: {}", e.getMessage());
            }
        }
    }

    private boolean isInContainer() {
        return MAY_HAVE_SERVER && context instanceof WebServerApplicationContext web && web.getWebServer() == null;
    }

    /** Makes Spring refuse traffic, unless it does so already. */
    private void refuse() {
        if (context.isActive() && isAccepting) {
            AvailabilityChangeEvent.publish(context, REFUSING_TRAFFIC);
        }
    }

    private void awaitSeen() throws InterruptedException {
        long begin = System.nanoTime();
        Duration moment = times.atMost().compareTo(A_MOMENT) < 0 ? times.atMost() : A_MOMENT;
        boolean isSeen = isSeenWithin(moment);
        if (!isSeen && since(begin).compareTo(moment) < 0) {
            LOG.debug("Does not wait until load balancers have seen that this instance drains: nobody probes it");
            return;
        }
        LOG.info(
                "Waits for up to {} until load balancers have seen that this instance drains (healthcheck.drain.at-most)",
                inWords(times.atMost()));
        isSeen = isSeen || isSeenWithin(rest(times.atMost(), begin));
        if (isSeen) {
            Duration rest = rest(times.atLeast(), begin);
            isSeen = registry.get().awaitDrainSeen(times.reports(), rest, rest);
        }
        LOG.info(
                "Stops after {}: load balancers {} seen that this instance drains",
                inWords(since(begin)),
                isSeen ? "have probably" : "may not have");
    }

    /** Returns false before the time has passed if nobody probes: without a least time the registry does not wait then. */
    private boolean isSeenWithin(Duration time) throws InterruptedException {
        return registry.get().awaitDrainSeen(times.reports(), Duration.ZERO, time);
    }

    private static Duration rest(Duration time, long begin) {
        Duration rest = time.minus(since(begin));
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static String inWords(Duration time) {
        return BigDecimal.valueOf(time.toMillis() / 100, 1).stripTrailingZeros().toPlainString() + " s";
    }

    /** The bean itself does not listen: Spring would take it for a listener of the application. */
    private final class Drains implements HealthListener {

        @Override
        public void onProbe(ProbeChange change) {
            if (change.probe() == Probe.READINESS && "draining".equals(change.reason())) {
                // listeners of the application are foreign code
                registry.get().workers().execute(Draining.this::refuse);
            }
        }

        @Override
        public void onChange(StatusChange change) {
            // only the whole matters here
        }
    }
}
