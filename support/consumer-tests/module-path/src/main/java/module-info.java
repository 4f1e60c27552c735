/** Uses the library as a module uses modules. */
module com.example.modules {
    requires dev.healthcheck.jdbc;
    requires dev.healthcheck.servlet;
    requires java.net.http;
    requires org.eclipse.jetty.ee10.servlet;
}
