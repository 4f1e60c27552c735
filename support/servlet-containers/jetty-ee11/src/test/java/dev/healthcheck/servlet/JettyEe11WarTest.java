package dev.healthcheck.servlet;

import java.nio.file.Path;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Handler;

class JettyEe11WarTest extends WarContract {
    @Override
    Container newContainer(Path war) {
        return new JettyContainer() {
            @Override
            Handler context() {
                return new WebAppContext(war.toString(), "/");
            }
        };
    }
}
