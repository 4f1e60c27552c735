package dev.healthcheck.servlet;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.encoding.ContentEncodingRepository;
import io.undertow.server.handlers.encoding.EncodingHandler;
import io.undertow.server.handlers.encoding.GzipEncodingProvider;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ErrorPage;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xnio.Options;

final class UndertowContainer extends Container {
    private @Nullable DeploymentManager manager;
    private @Nullable Undertow undertow;

    @Override
    int start() throws Exception {
        DeploymentInfo deployment = Servlets.deployment()
                .setDeploymentName("test")
                .setContextPath("/")
                .setClassLoader(getClass().getClassLoader())
                .addServletContainerInitializer(new ServletContainerInitializerInfo(
                        getClass(), new ImmediateInstanceFactory<>(this), Set.of()));
        if (errorPage() != null) {
            deployment.addErrorPage(new ErrorPage(errorPage(), 500));
        }
        manager = Servlets.newContainer().addDeployment(deployment);
        manager.deploy();
        undertow = Undertow.builder()
                .setIoThreads(1)
                .setWorkerThreads(THREADS)
                .setSocketOption(Options.SEND_BUFFER, SEND_BUFFER)
                .addHttpListener(0, "127.0.0.1", compresses() ? compressing(manager.start()) : manager.start())
                .build();
        undertow.start();
        return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    private static HttpHandler compressing(HttpHandler next) {
        return new EncodingHandler(
                next, new ContentEncodingRepository().addEncodingHandler("gzip", new GzipEncodingProvider(), 50));
    }

    @Override
    void stop() throws Exception {
        if (undertow == null) {
            return;
        }
        undertow.stop();
        manager.stop();
        manager.undeploy();
        undertow = null;
    }
}
