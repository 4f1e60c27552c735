package dev.healthcheck.servlet;

import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
        manager = Servlets.newContainer().addDeployment(deployment);
        manager.deploy();
        undertow = Undertow.builder()
                .setIoThreads(1)
                .setWorkerThreads(THREADS)
                .addHttpListener(0, "127.0.0.1", manager.start())
                .build();
        undertow.start();
        return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
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
