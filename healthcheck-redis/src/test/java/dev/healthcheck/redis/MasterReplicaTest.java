package dev.healthcheck.redis;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisReadOnlyException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A check of a replica whose master has its troubles. */
class MasterReplicaTest extends TopologyTest {
    private RedisServer master;
    private RedisServer replica;

    @BeforeEach
    void start() {
        master = master();
        replica = replicaOf(master, "--repl-timeout", "6");
    }

    @Test
    void a_frozen_master_is_a_lag_at_first_and_a_lost_link_when_the_replica_gives_it_up() throws Exception {
        var check = looking();
        assertUp(run(check));

        master.freeze();
        awaitDegraded(check, "replica-lag");
        awaitDegraded(check, "replica-link");

        master.thaw();
        awaitUp(check);
        assertThat(clients(replica)).isEqualTo(1);
    }

    @Test
    void a_replica_without_its_master_has_lost_its_link_and_answers_all_the_same() throws Exception {
        var check = looking();
        var plain = check(replica.uri());
        assertUp(run(check));

        master.stop();
        awaitDegraded(check, "replica-link");
        assertUp(run(plain));

        master.start();
        awaitUp(check);
        assertThat(clients(replica)).isEqualTo(2);
    }

    @Test
    void a_replica_that_may_not_serve_stale_data_says_so_without_its_master() throws Exception {
        var admin = adminOf(replica);
        admin.configSet("replica-serve-stale-data", "no");
        var check = looking();
        assertUp(run(check));

        master.stop();
        if (majorVersion(admin) >= 7) {
            awaitDown(check, "master-down");
        } else {
            awaitDegraded(check, "replica-link"); // a PING is answered
        }

        master.start();
        awaitUp(check);
        assertThat(clients(replica)).isEqualTo(1);
    }

    @Test
    void a_replica_that_becomes_a_master_has_nobody_to_be_behind() throws Exception {
        var check = looking();
        master.stop();
        awaitDegraded(check, "replica-link");

        adminOf(replica).replicaofNoOne();

        assertUp(run(check));
        assertThat(clients(replica)).isEqualTo(1);
    }

    @Test
    void a_master_that_becomes_a_replica_is_looked_at_as_one() throws Exception {
        var check = closing(check(master.uri()).replicaWithin(ofSeconds(2)));
        assertUp(run(check));

        adminOf(replica).replicaofNoOne();
        adminOf(master).replicaof(replica.host(), replica.port());
        awaitUp(check);
        replica.stop();

        awaitDegraded(check, "replica-link");
    }

    @Test
    void a_replica_that_takes_no_writes_is_up_for_it_is_asked_for_none() throws Exception {
        assertThatThrownBy(() -> adminOf(replica).set("key", "value"))
                .isInstanceOf(RedisReadOnlyException.class)
                .hasMessageStartingWith("READONLY");

        assertUp(run(check(replica.uri())));
    }

    private RedisHealthCheck looking() {
        return closing(check(replica.uri()).replicaWithin(ofSeconds(2)));
    }
}
