package dev.healthcheck.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.io.File;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

final class TomcatContainer implements Container {
    /** Kept here, for the logging of the JDK forgets loggers that nobody holds. */
    private static final Logger LOG = Logger.getLogger("org.apache");

    /** Complains of modules that are closed to its search for leaks. */
    private static final Logger LOADER_LOG = Logger.getLogger("org.apache.catalina.loader");

    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector();
    private final Context context;
    private int servlets;

    TomcatContainer() {
        LOG.setLevel(Level.WARNING);
        LOADER_LOG.setLevel(Level.SEVERE);
        tomcat.setBaseDir(new File("target/tomcat").getAbsolutePath());
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxThreads", String.valueOf(THREADS));
        connector.setAllowTrace(true); // or the connector would answer in the servlet's place
        tomcat.setConnector(connector);
        context = tomcat.addContext("", null);
    }

    @Override
    public void attribute(String name, Object value) {
        context.getServletContext().setAttribute(name, value);
    }

    @Override
    public void mount(HttpServlet servlet, boolean asyncSupported, String... paths) {
        String name = "servlet" + servlets++;
        Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
        wrapper.setAsyncSupported(asyncSupported);
        for (String path : paths) {
            wrapper.addMapping(path);
        }
    }

    @Override
    public void mount(Class<? extends HttpServlet> type, Map<String, String> initParameters, String... paths) {
        String name = "servlet" + servlets++;
        Wrapper wrapper = Tomcat.addServlet(context, name, type.getName());
        wrapper.setAsyncSupported(true);
        initParameters.forEach(wrapper::addInitParameter);
        for (String path : paths) {
            wrapper.addMapping(path);
        }
    }

    @Override
    public void filter(Filter filter, DispatcherType... dispatched) {
        FilterDef definition = new FilterDef();
        definition.setFilterName("filter");
        definition.setFilter(filter);
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName("filter");
        map.addURLPattern("/*");
        for (DispatcherType type : dispatched) {
            map.setDispatcher(type.name());
        }
        context.addFilterMap(map);
    }

    @Override
    public int start() throws Exception {
        tomcat.start();
        return connector.getLocalPort();
    }

    @Override
    public void stop() throws Exception {
        if (tomcat.getServer().getState() != LifecycleState.DESTROYED) {
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
