package dev.healthcheck.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.Address;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Plays Slack and a mail server for one Alertmanager. Thread-safe. */
final class Sinks implements AutoCloseable {
    static final String MAIL_USER = "alertmanager@example.org";
    static final String MAIL_PASSWORD = "a password";

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final long start;
    private final HttpServer slack = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
    private final GreenMail mail = new GreenMail(new ServerSetup(0, HERE.getHostAddress(), ServerSetup.PROTOCOL_SMTP))
            .withConfiguration(GreenMailConfiguration.aConfig().withUser(MAIL_USER, MAIL_USER, MAIL_PASSWORD));

    private final ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor();

    // guarded by this
    private final List<Message> messages = new ArrayList<>();
    private final Set<String> mailsRead = new HashSet<>();

    /** @param start the {@code nanoTime} from which arrivals are counted */
    Sinks(long start) throws IOException {
        this.start = start;
        slack.createContext("/", this::receive);
        slack.start();
        mail.start();
        poll();
    }

    String slackUrl() {
        return "http://" + HERE.getHostAddress() + ":" + slack.getAddress().getPort() + "/services/T0/B0/secret";
    }

    String mailServer() {
        return HERE.getHostAddress() + ":" + mail.getSmtp().getPort();
    }

    /** Finds each mail soon after its arrival. */
    @SuppressWarnings("FutureReturnValueIgnored") // it does not end
    private void poll() {
        poller.scheduleWithFixedDelay(this::messages, 0, 100, TimeUnit.MILLISECONDS);
    }

    /** Returns all messages so far. */
    synchronized List<Message> messages() {
        try {
            for (MimeMessage mail : mail.getReceivedMessages()) {
                if (mailsRead.add(mail.getMessageID())) {
                    messages.add(messageOf(mail));
                }
            }
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException(e);
        }
        return List.copyOf(messages);
    }

    private void receive(HttpExchange exchange) throws IOException {
        JsonNode json = new ObjectMapper().readTree(exchange.getRequestBody());
        JsonNode attachment = json.path("attachments").path(0);
        synchronized (this) {
            messages.add(new Message(
                    now(),
                    "Slack",
                    json.path("channel").asText(),
                    attachment.path("title").asText(),
                    attachment.path("text").asText()));
        }
        exchange.sendResponseHeaders(200, 2);
        exchange.getResponseBody().write(new byte[] {'o', 'k'});
        exchange.close();
    }

    private Message messageOf(MimeMessage mail) throws MessagingException, IOException {
        Address to = mail.getRecipients(RecipientType.TO)[0];
        Multipart content = (Multipart) mail.getContent();
        String text = (String) content.getBodyPart(0).getContent();
        return new Message(now(), "mail", to.toString(), mail.getSubject(), text.replace("\r", ""));
    }

    private Duration now() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public void close() {
        poller.shutdownNow();
        slack.stop(0);
        mail.stop();
    }
}
