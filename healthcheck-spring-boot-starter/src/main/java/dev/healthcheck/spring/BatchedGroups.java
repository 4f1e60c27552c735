package dev.healthcheck.spring;

import java.util.List;
import java.util.Set;
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
    private final HealthEndpointGroup primary;
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
        return view(raw.get(name));
    }

    @Override
    public @Nullable HealthEndpointGroup get(AdditionalHealthEndpointPath path) {
        return view(raw.get(path));
    }

    private @Nullable HealthEndpointGroup view(@Nullable HealthEndpointGroup group) {
        if (group == null) {
            return null;
        }
        return group == rawPrimary ? primary : new BatchedGroup(group, bridge);
    }

    @Override
    public @Nullable List<String> getAdditionalPaths(EndpointId endpointId, WebServerNamespace namespace) {
        return raw instanceof AdditionalPathsMapper mapper ? mapper.getAdditionalPaths(endpointId, namespace) : null;
    }

    private record BatchedGroup(HealthEndpointGroup raw, Supplier<Bridge> bridge) implements HealthEndpointGroup {

        @Override
        public boolean isMember(String name) {
            boolean isMember = raw.isMember(name);
            if (isMember) {
                Bridge found = bridge.get();
                found.batches().ask(prefix -> found.names(prefix, raw::isMember));
            }
            return isMember;
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
}
