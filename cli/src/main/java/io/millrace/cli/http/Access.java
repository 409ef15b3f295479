package io.millrace.cli.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who may see the page. On this machine alone it is open to whoever asks for this machine by name; a page of another
 * site, to whose name its owner gives this machine's address, asks for that name. Where there is a token, it is needed.
 *
 * <p>Thread-safe.
 */
public final class Access {
    /** Shorter tokens can be guessed. */
    public static final int LEAST_CHARACTERS = 16;

    private static final int SESSION_BYTES = 32;
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String BEARER = "Bearer ";

    private final String host;
    private final Optional<byte[]> token;
    /** What the cookie of somebody who has logged in holds; of this process only. */
    private final String session;

    /**
     * @param host where the page is served
     * @param token needed where the host is not this machine's alone
     * @throws IllegalArgumentException if the host needs a token and there is none, or it is too short
     */
    public Access(String host, Optional<String> token) {
        if (token.isEmpty() && !loopback(host)) {
            throw new IllegalArgumentException("--http-host " + host + " is seen by other machines, so the page wants a"
                    + " token: put one of " + LEAST_CHARACTERS + " characters or more into a file for --token-file, or"
                    + " into MILLRACE_DASHBOARD_TOKEN");
        }
        if (token.isPresent() && token.get().length() < LEAST_CHARACTERS) {
            throw new IllegalArgumentException("the token has " + token.get().length() + " characters and could be"
                    + " guessed: take " + LEAST_CHARACTERS + " or more, as `openssl rand -hex 16` makes them");
        }
        this.host = host.toLowerCase(Locale.ROOT);
        this.token = token.map(Access::digest);
        byte[] random = new byte[SESSION_BYTES];
        new SecureRandom().nextBytes(random);
        this.session = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static boolean loopback(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("--http-host: there is no host " + host, e);
        }
    }

    /** Whether a token is needed. */
    public boolean wantsToken() {
        return token.isPresent();
    }

    /** @param hostHeader what the browser asked for, with or without a port */
    boolean knowsHost(String hostHeader) {
        String name = hostHeader.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
        return wantsToken() || THIS_MACHINE.contains(name) || name.equals(host);
    }

    /** What the cookie is to hold, if the token is right. */
    Optional<String> login(String given) {
        return right(given) ? Optional.of(session) : Optional.empty();
    }

    /** By the cookie of a login, or by the token itself in an Authorization header. */
    boolean permits(Optional<String> cookie, Optional<String> authorization) {
        return !wantsToken()
                || cookie.filter(value -> MessageDigest.isEqual(value.getBytes(UTF_8), session.getBytes(UTF_8)))
                        .isPresent()
                || authorization
                        .filter(value -> value.startsWith(BEARER) && right(value.substring(BEARER.length())))
                        .isPresent();
    }

    /** In a time that says nothing of where they differ, nor of the token's length. */
    private boolean right(String given) {
        return token.isPresent() && MessageDigest.isEqual(digest(given), token.get());
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
