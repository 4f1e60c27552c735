package dev.healthcheck.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private final Queue<Runnable> handedOver = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private boolean refuses;
    private final Mailbox mailbox = new Mailbox(
            task -> {
                if (refuses) {
                    throw new RejectedExecutionException("no thread");
                }
                handedOver.add(task);
            },
            () -> done.add("renewal"));

    @Test
    void after_an_executor_has_refused_the_next_task_asks_it_again_and_none_is_lost() {
        refuses = true;
        assertThatThrownBy(() -> mailbox.addRun(() -> done.add("first")))
                .isInstanceOf(RejectedExecutionException.class);

        refuses = false;
        mailbox.addRun(() -> done.add("second"));
        handedOver.remove().run();

        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void renewals_that_wait_are_one_and_come_first() {
        mailbox.addRun(() -> done.add("run"));
        mailbox.renew();
        mailbox.renew();
        handedOver.remove().run();

        assertThat(done).containsExactly("renewal", "run");
        assertThat(handedOver).isEmpty();
    }
}
