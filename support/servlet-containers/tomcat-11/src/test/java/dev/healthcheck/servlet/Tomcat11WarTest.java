package dev.healthcheck.servlet;

import java.nio.file.Path;

class Tomcat11WarTest extends WarContract {
    @Override
    Container newContainer(Path war) {
        return new TomcatContainer(war);
    }
}
