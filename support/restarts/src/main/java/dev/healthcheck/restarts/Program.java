package dev.healthcheck.restarts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A balancer of the documents, as Debian has it. */
enum Program {
    HAPROXY("haproxy", "[HAProxy](#haproxy)", Duration.ZERO) {
        @Override
        String around(String configuration, Path folder, int port) {
            return configuration
                    .replace("global\n", "global\n  maxconn 1000\n")
                    .replace(
                            "defaults\n",
                            "defaults\n  log stdout format raw local0\n  option httplog\n  option dontlog-normal\n")
                    .replace("/run/haproxy/admin.sock", socketIn(folder).toString())
                    .replace("bind :80", "bind 127.0.0.1:" + port);
        }

        @Override
        List<String> check(Path folder) {
            return List.of("haproxy", "-c", "-f", fileIn(folder));
        }

        @Override
        List<String> command(Path folder, int port) {
            return List.of("haproxy", "-db", "-f", fileIn(folder));
        }

        @Override
        Balancer balancer(Process process, Path folder, List<Integer> instances) {
            return new HaProxy(process, socketIn(folder));
        }

        private Path socketIn(Path folder) {
            return folder.resolve("socket");
        }
    },

    NGINX("nginx", "[nginx](#nginx)", Duration.ofSeconds(1)) {
        @Override
        String around(String configuration, Path folder, int port) {
            return "daemon off;\nmaster_process off;\nerror_log stderr;\npid " + folder.resolve("pid")
                    + ";\nevents {}\nhttp {\naccess_log off;\n"
                    + configuration.replace("listen 80;", "listen 127.0.0.1:" + port + ";") + "}\n";
        }

        @Override
        List<String> check(Path folder) {
            return List.of("nginx", "-t", "-c", fileIn(folder));
        }

        @Override
        List<String> command(Path folder, int port) {
            return List.of("nginx", "-c", fileIn(folder));
        }
    },

    CADDY("caddy", "[Caddy](#caddy)", Duration.ofSeconds(2)) {
        @Override
        String around(String configuration, Path folder, int port) {
            return "{\nadmin off\n}\n" + configuration.replace(":80 {\n", ":" + port + " {\nbind 127.0.0.1\n");
        }

        @Override
        List<String> check(Path folder) {
            return List.of(
                    "env", "HOME=" + folder, "caddy", "validate", "--adapter", "caddyfile", "--config", fileIn(folder));
        }

        @Override
        List<String> command(Path folder, int port) {
            return List.of(
                    "env", "HOME=" + folder, "caddy", "run", "--adapter", "caddyfile", "--config", fileIn(folder));
        }
    },

    VARNISH("varnish", "[Varnish](#varnish)", Duration.ofSeconds(3)) {
        @Override
        List<String> check(Path folder) {
            return List.of("varnishd", "-C", "-n", folder.resolve("varnish").toString(), "-f", fileIn(folder));
        }

        @Override
        List<String> command(Path folder, int port) {
            String working = folder.resolve("varnish").toString();
            return List.of(
                    "varnishd",
                    "-F",
                    "-a",
                    "127.0.0.1:" + port,
                    "-n",
                    working,
                    "-s",
                    "malloc,16m",
                    "-f",
                    fileIn(folder));
        }
    },

    APACHE("apache", "[Apache](#apache)", Duration.ofSeconds(3)) {
        private static final String MODULES =
                "mpm_event authz_core proxy proxy_http proxy_balancer proxy_hcheck lbmethod_byrequests slotmem_shm";

        @Override
        String around(String configuration, Path folder, int port) {
            String modules = Stream.of(MODULES.split(" "))
                    .map(name -> "LoadModule " + name + "_module /usr/lib/apache2/modules/mod_" + name + ".so\n")
                    .collect(Collectors.joining());
            return modules + "ServerName localhost\nUser www-data\nGroup www-data\nListen 127.0.0.1:" + port
                    + "\nPidFile " + folder.resolve("pid") + "\nDefaultRuntimeDir " + folder
                    + "\nErrorLog /dev/stderr\n" + configuration;
        }

        @Override
        List<String> check(Path folder) {
            return List.of("apache2", "-t", "-d", folder.toString(), "-f", fileIn(folder));
        }

        @Override
        List<String> command(Path folder, int port) {
            return List.of("apache2", "-D", "FOREGROUND", "-d", folder.toString(), "-f", fileIn(folder));
        }
    };

    private final String language;
    private final String row;
    private final Duration notices;

    Program(String language, String row, Duration notices) {
        this.language = language;
        this.row = row;
        this.notices = notices;
    }

    /** Returns the language of its block in the documents. */
    String language() {
        return language;
    }

    /** Returns the first cell of its row in the documents. */
    String row() {
        return row;
    }

    /** Starts it with {@code configuration}, whose instances are here already. */
    Balancer start(Children children, String name, String configuration, int port, List<Integer> instances)
            throws IOException {
        Path folder = write(children, name, configuration, port);
        Process process = children.start(name + ".balancer.log", command(folder, port));
        return balancer(process, folder, instances);
    }

    /** Lets the program read {@code configuration}. Returns what it says, or nothing if it accepts it. */
    Optional<String> complaints(Children children, String configuration, int port)
            throws IOException, InterruptedException {
        Path folder = write(children, "check", configuration, port);
        String log = "check." + language + ".log";
        int status = children.start(log, check(folder)).waitFor();
        return status == 0 ? Optional.empty() : Optional.of(Files.readString(children.file(log)));
    }

    private Path write(Children children, String name, String configuration, int port) throws IOException {
        Path folder = Files.createDirectory(children.file(name + "." + language));
        Files.writeString(Path.of(fileIn(folder)), around(configuration, folder, port));
        return folder;
    }

    /** Returns the whole of the configuration. */
    String around(String configuration, Path folder, int port) {
        return configuration;
    }

    abstract List<String> check(Path folder);

    abstract List<String> command(Path folder, int port);

    Balancer balancer(Process process, Path folder, List<Integer> instances) {
        return new UnaskedBalancer(instances, notices);
    }

    static String fileIn(Path folder) {
        return folder.resolve("configuration").toString();
    }
}
