package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

/** What a failure has interrupted goes on where it ended. */
class TellerTest {
    private final List<String> told = new ArrayList<>();
    private boolean memoryIsGone;

    @Test // R15k
    void an_event_that_was_told_to_some_is_told_to_the_others_later_and_to_nobody_twice() {
        Member first = listener("first");
        Member second = listener("second");
        Member third = listener("third");
        Teller teller = new Teller(NOPLogger.NOP_LOGGER, "events", List.of(first, second, third), () -> null);
        teller.begin(new Registered());

        assertThatThrownBy(teller::proceed).isInstanceOf(OutOfMemoryError.class);
        assertThat(told).containsExactly("line", "first");
        assertThat(teller.unfinished()).isNotNull();

        memoryIsGone = false;
        teller.proceed();

        assertThat(told).containsExactly("line", "first", "second", "third");
        assertThat(teller.unfinished()).isNull();
    }

    private Member listener(String name) {
        Member member = new Member(new HealthListener() {
            @Override
            public void onChange(StatusChange change) {}

            @Override
            public void onRegistered(String check) {
                told.add(name);
                memoryIsGone = name.equals("first");
            }
        });
        member.introduced = true;
        return member;
    }

    private final class Registered extends Event {
        @Override
        void write(StatusLog log) {
            told.add("line");
        }

        @Override
        int calls() {
            if (memoryIsGone) {
                throw new OutOfMemoryError("on purpose");
            }
            return 1;
        }

        @Override
        void tell(HealthListener listener, int call) {
            listener.onRegistered("db");
        }
    }
}
