package dev.healthcheck.spring;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;

/** The groups of an application. The first question about a member of a group asks for all members: see {@link Batches}. */
final class BatchedGroups implements HealthEndpointGroups, AdditionalPathsMapper {
    private final HealthEndpointGroups raw;
    private final HealthEndpointGroup rawPrimary;
    private final BatchedGroup primary;
    private final Map<Object, BatchedGroup> views = new ConcurrentHashMap<>();
    private final Supplier<Bridge> bridge;

    BatchedGroups(HealthEndpointGroups raw, Supplier<Bridge> bridge) {
        this.raw = raw;
        this.bridge = bridge;
        rawPrimary = raw.getPrimary();
        primary = new BatchedGroup(rawPrimary, bridge);
    }

    /** Returns the same object each time: Spring compares it with the group that it asks. */
    @Override
    public HealthEndpointGroup getPrimary() {
        return primary;
    }

    @Override
    public Set<String> getNames() {
        return raw.getNames();
    }

    @Override
    public @Nullable HealthEndpointGroup get(String name) {
        return view(name, raw.get(name));
    }

    @Override
    public @Nullable HealthEndpointGroup get(AdditionalHealthEndpointPath path) {
        return view(path, raw.get(path));
    }

    private @Nullable HealthEndpointGroup view(Object key, @Nullable HealthEndpointGroup group) {
        if (group == null || group == rawPrimary) {
            return group == null ? null : primary;
        }
        BatchedGroup known = views.get(key);
        if (known == null || known.raw != group) {
            known = new BatchedGroup(group, bridge);
            views.put(key, known);
        }
        return known;
    }

    @Override
    public @Nullable List<String> getAdditionalPaths(EndpointId endpointId, WebServerNamespace namespace) {
        return raw instanceof AdditionalPathsMapper mapper ? mapper.getAdditionalPaths(endpointId, namespace) : null;
    }

    private static final class BatchedGroup implements HealthEndpointGroup {
        private final HealthEndpointGroup raw;
        private final Supplier<Bridge> bridge;
        private final Function<String, Members> membersBelow = this::membersBelow;
        private volatile Known known = Known.NOTHING;

        BatchedGroup(HealthEndpointGroup raw, Supplier<Bridge> bridge) {
            this.raw = raw;
            this.bridge = bridge;
        }

        @Override
        public boolean isMember(String name) {
            boolean isMember = raw.isMember(name);
            if (isMember) {
                bridge.get().batches().ask(membersBelow);
            }
            return isMember;
        }

        private Members membersBelow(String prefix) {
            int changes = bridge.get().changes();
            Known last = known;
            if (last.changes != changes || !last.prefix.equals(prefix)) {
                last = new Known(changes, prefix, bridge.get().members(prefix, raw::isMember));
                known = last;
            }
            return last.members;
        }

        @Override
        public boolean showComponents(SecurityContext securityContext) {
            return raw.showComponents(securityContext);
        }

        @Override
        public boolean showDetails(SecurityContext securityContext) {
            return raw.showDetails(securityContext);
        }

        @Override
        public StatusAggregator getStatusAggregator() {
            return raw.getStatusAggregator();
        }

        @Override
        public HttpCodeStatusMapper getHttpCodeStatusMapper() {
            return raw.getHttpCodeStatusMapper();
        }

        @Override
        public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
            return raw.getAdditionalPath();
        }
    }

    /** The members below a prefix after so many changes of the contributors. */
    private record Known(int changes, String prefix, Members members) {
        static final Known NOTHING = new Known(-1, "", new Members(Set.of()));
    }
}
