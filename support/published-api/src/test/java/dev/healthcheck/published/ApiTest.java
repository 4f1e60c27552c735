package dev.healthcheck.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ApiTest {
    private static final String RENEW =
            "./mvnw test -Pall -am -pl support/published-api -Dtest=ApiTest -Dsurefire.failIfNoSpecifiedTests=false -Dapi.renew";

    @ParameterizedTest
    @EnumSource
    void the_API_is_the_one_that_is_listed(Library library) throws Exception {
        List<String> actual = ApiListing.of(library);
        if (Boolean.getBoolean("api.renew")) {
            Files.write(library.listing(), actual);
        }

        assertThat(Files.readAllLines(library.listing()))
                .as("%s; if the change is meant, %s", library.listing(), RENEW)
                .isEqualTo(actual);
    }
}
