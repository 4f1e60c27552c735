package dev.healthcheck.examples.springboot;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** As a filter for JSON Web Tokens: without a session, and not called again by a dispatch of type {@code ASYNC}. */
class TokenFilter extends OncePerRequestFilter {
    private static final Map<String, String> ROLES =
            Map.of("Bearer operator", "OPERATOR", "Bearer customer", "CUSTOMER");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String token = request.getHeader("Authorization");
        if (token != null && ROLES.containsKey(token)) {
            var authorities = AuthorityUtils.createAuthorityList("ROLE_" + ROLES.get(token));
            var user = UsernamePasswordAuthenticationToken.authenticated("somebody", null, authorities);
            SecurityContextHolder.getContext().setAuthentication(user);
        }
        chain.doFilter(request, response);
    }
}
