package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsByNameTest {
    private static final CheckSettings SOME =
            new CheckSettings(true, true, null, null, null, null, null, null, null, null, null);

    @Test
    void only_letters_and_digits_of_a_name_count() {
        var settings = new SettingsByName(Map.of("diskspace", SOME));

        assertThat(settings.of("diskSpace")).isSameAs(SOME);
        assertThat(settings.of("disk-space")).isSameAs(SOME);
        assertThat(settings.of("disk")).isSameAs(CheckSettings.NONE);
    }

    @Test
    void the_settings_of_a_composite_hold_for_what_is_below_it() {
        CheckSettings own = new CheckSettings(false, false, null, null, null, null, null, null, null, null, null);
        var settings = new SettingsByName(Map.of("db", SOME, "db/replica", own));

        assertThat(settings.of("db/primary")).isSameAs(SOME);
        assertThat(settings.of("db/replica")).isSameAs(own);
    }

    @Test
    void an_unknown_name_is_refused_with_the_choices() {
        var settings = new SettingsByName(Map.of("nosuch", SOME, "db", SOME));

        assertThatThrownBy(() -> settings.requireKnown(Set.of("db", "diskSpace"), Set.of()))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage("healthcheck.checks: [nosuch] (expected: some of [db, diskSpace])");
    }

    @Test
    void a_name_below_a_composite_need_not_be_there_yet() {
        var settings = new SettingsByName(Map.of("tenants/later", SOME, "tenants/eu/later", SOME));

        assertThatCode(() -> settings.requireKnown(Set.of("tenants"), Set.of("tenants")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> settings.requireKnown(Set.of("tenants"), Set.of()))
                .isInstanceOf(InvalidSettingsException.class);
    }
}
