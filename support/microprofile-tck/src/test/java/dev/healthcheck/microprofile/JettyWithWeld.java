package dev.healthcheck.microprofile;

import java.util.HashMap;
import java.util.Map;
import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.protocol.ProtocolDescription;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.container.spi.client.protocol.metadata.Servlet;
import org.jboss.shrinkwrap.api.Archive;

/** A container for Arquillian: each archive gets a Jetty of its own. */
public final class JettyWithWeld implements DeployableContainer<JettyWithWeld.Settings> {
    private final Map<String, Deployed> deployed = new HashMap<>();

    /** There are none. */
    public static final class Settings implements ContainerConfiguration {
        @Override
        public void validate() {}
    }

    @Override
    public Class<Settings> getConfigurationClass() {
        return Settings.class;
    }

    @Override
    public void setup(Settings settings) {}

    @Override
    public void start() {}

    @Override
    public void stop() {}

    /** The tests run in this JVM and ask by HTTP, so that nothing is added to the archive. */
    @Override
    public ProtocolDescription getDefaultProtocol() {
        return new ProtocolDescription("Local");
    }

    @Override
    public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
        try {
            Deployed started = Deployed.start(archive);
            deployed.put(archive.getName(), started);
            HTTPContext context = new HTTPContext("127.0.0.1", started.port());
            context.add(new Servlet("health", "/"));
            return new ProtocolMetaData().addContext(context);
        } catch (Exception e) {
            throw new DeploymentException(archive.getName(), e);
        }
    }

    @Override
    public void undeploy(Archive<?> archive) throws DeploymentException {
        try {
            deployed.remove(archive.getName()).stop();
        } catch (Exception e) {
            throw new DeploymentException(archive.getName(), e);
        }
    }
}
