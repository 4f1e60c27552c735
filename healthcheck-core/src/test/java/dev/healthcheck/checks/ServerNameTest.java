package dev.healthcheck.checks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerNameTest {
    @ParameterizedTest
    @CsvSource({
        "shop.example, shop.example, true",
        "Shop.Example., shop.EXAMPLE, true",
        "my_shop, my_shop, true",
        "www.shop.example, *.shop.example, true",
        "a.www.shop.example, *.shop.example, false",
        "shop.example, *.shop.example, false",
        "shop, *, false",
        "shop.example, www.shop.example, false",
        "shop.example, p.example, false"
    })
    void a_name_is_that_of_the_certificate_or_covered_by_its_wildcard(String host, String name, boolean covered) {
        assertThat(new ServerName(host).isCoveredBy(name)).isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "shop.example", "my_shop.example"})
    void a_name_is_sent_as_it_is(String host) {
        assertThat(new ServerName(host).forHandshake()).singleElement().satisfies(name -> assertThat(name.getEncoded())
                .isEqualTo(host.getBytes(US_ASCII)));
    }

    @Test
    void an_address_is_not_sent() {
        assertThat(new ServerName("127.0.0.1").forHandshake()).isEmpty();
        assertThat(new ServerName("::1").forHandshake()).isEmpty();
    }
}
