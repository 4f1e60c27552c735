package dev.healthcheck.examples.springboot;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;

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
}
