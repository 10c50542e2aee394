package dev.tutelage.gateway.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/** Issues tokens, as Keycloak and its like do: with a discovery document and the keys that verify them, over HTTP. */
final class TestIssuer implements AutoCloseable {
    static final String AUDIENCE = "tutelage";
    private static final String KEY_ID = "k1";

    private final HttpServer server;
    private final KeyPair keys;

    private TestIssuer(HttpServer server, KeyPair keys) {
        this.server = server;
        this.keys = keys;
    }

    static TestIssuer start() throws IOException, GeneralSecurityException {
        KeyPair keys = newKeys();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        TestIssuer issuer = new TestIssuer(server, keys);
        issuer.serve(
                "/.well-known/openid-configuration",
                "{\"issuer\":\"" + issuer.url() + "\",\"jwks_uri\":\"" + issuer.url() + "/keys\",\"token_endpoint\":\""
                        + issuer.url() + "/token\",\"authorization_endpoint\":\"" + issuer.url() + "/authorize\"}");
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        issuer.serve(
                "/keys",
                "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"" + KEY_ID + "\",\"n\":\""
                        + number(key.getModulus()) + "\",\"e\":\"" + number(key.getPublicExponent()) + "\"}]}");
        server.start();
        return issuer;
    }

    static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private void serve(String path, String json) {
        byte[] body = json.getBytes(UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private static String number(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] unsigned = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(unsigned);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A good token for somebody in groups; tests spoil it. */
    JwtClaimsBuilder token(String subject, String... groups) {
        return Jwt.issuer(url())
                .subject(subject)
                .groups(Set.of(groups))
                .audience(AUDIENCE)
                .expiresAt(Instant.now().plus(Duration.ofMinutes(5)));
    }

    String signed(JwtClaimsBuilder token) {
        return signed(token, keys);
    }

    static String signed(JwtClaimsBuilder token, KeyPair keys) {
        return token.jws().keyId(KEY_ID).sign(keys.getPrivate());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
