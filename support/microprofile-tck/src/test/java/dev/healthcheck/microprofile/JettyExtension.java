package dev.healthcheck.microprofile;

import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.core.spi.LoadableExtension;

/** Has Arquillian deploy to {@link JettyWithWeld}. Found by {@code META-INF/services}. */
public final class JettyExtension implements LoadableExtension {
    @Override
    public void register(ExtensionBuilder builder) {
        builder.service(DeployableContainer.class, JettyWithWeld.class);
    }
}
