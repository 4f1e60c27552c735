package dev.healthcheck.examples.springboot;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;

/** Spring Security for all tests of this module: they run with it on their class path. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    private final TokenFilter tokenFilter = new TokenFilter();

    // recipe
    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        http.authorizeHttpRequests(requests -> requests.requestMatchers("/health/**", "/livez", "/readyz")
                .permitAll()
                .anyRequest()
                .authenticated());
        http.addFilterBefore(tokenFilter, UsernamePasswordAuthenticationFilter.class);
        return http.build();
    }
    // end of recipe

    /** A chain of its own, before that of the application. By text, Spring Security 6 would not match our servlet. */
    @Bean
    @Order(1)
    SecurityFilterChain everybody(HttpSecurity http) throws Exception {
        var paths = PathPatternRequestMatcher.withDefaults();
        http.securityMatcher(new OrRequestMatcher(paths.matcher("/actuator/**"), paths.matcher("/same/**")));
        http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll());
        return http.build();
    }
}
