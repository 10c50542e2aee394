package dev.tutelage.integration.secured;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** An authority that certifies servers of this machine, made by the JDK's keytool. */
final class Authority {
    static final String PASSWORD = "for-tests-only";

    private final Path directory;
    private final Path authority;
    private final Path certificate;
    private final Path trustStore;

    private Authority(Path directory) {
        this.directory = directory;
        this.authority = directory.resolve("authority.p12");
        this.certificate = directory.resolve("ca.crt");
        this.trustStore = directory.resolve("trust.p12");
    }

    /** A key with its certificate, in the two forms that servers take. */
    record Server(Path keyStore, Path certificate, Path key) {}

    /** Makes its key, and what others believe it by. */
    static Authority in(Path directory) throws IOException, InterruptedException {
        Authority made = new Authority(directory);
        made.generate(made.authority, "CN=authority", "-ext", "bc:c", "-ext", "ku=keyCertSign");
        made.keytool(made.authority, "-exportcert", "-rfc", "-alias", "own", "-file", made.certificate.toString());
        made.keytool(
                made.trustStore,
                "-importcert",
                "-noprompt",
                "-alias",
                "authority",
                "-file",
                made.certificate.toString());
        return made;
    }

    /** Its own certificate, which clients trust. */
    Path certificate() {
        return certificate;
    }

    /** The same as a key store of Java's. */
    Path trustStore() {
        return trustStore;
    }

    /**
     * A new key for a server at 127.0.0.1.
     *
     * @param common name of the server
     * @param file begins the names of the files
     */
    Server certify(String common, String file) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve(file + ".p12");
        Path request = directory.resolve(file + ".csr");
        Path answer = directory.resolve(file + ".answer");
        generate(store, "CN=" + common);
        keytool(store, "-certreq", "-alias", "own", "-file", request.toString());
        keytool(
                authority,
                "-gencert",
                "-alias",
                "own",
                "-infile",
                request.toString(),
                "-outfile",
                answer.toString(),
                "-rfc",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost");
        keytool(store, "-importcert", "-noprompt", "-alias", "authority", "-file", certificate.toString());
        keytool(store, "-importcert", "-noprompt", "-alias", "own", "-file", answer.toString());
        KeyStore loaded = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Path certificates = directory.resolve(file + ".crt");
        Path key = directory.resolve(file + ".key");
        StringBuilder chain = new StringBuilder();
        for (Certificate each : loaded.getCertificateChain("own")) {
            chain.append(pem("CERTIFICATE", each.getEncoded()));
        }
        Files.writeString(certificates, chain);
        Files.writeString(
                key,
                pem("PRIVATE KEY", loaded.getKey("own", PASSWORD.toCharArray()).getEncoded()));
        return new Server(store, certificates, key);
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(bytes) + "\n-----END " + what
                + "-----\n";
    }

    private void generate(Path store, String name, String... extensions) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "-genkeypair",
                "-alias",
                "own",
                "-dname",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2"));
        words.addAll(List.of(extensions));
        keytool(store, words.toArray(String[]::new));
    }

    private void keytool(Path store, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
        if (keytool.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    /** Whom clients of this test believe. */
    X509TrustManager trust() throws IOException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(KeyStore.getInstance(trustStore.toFile(), PASSWORD.toCharArray()));
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    /** TLS that believes this authority alone. */
    SSLContext tls() throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new X509TrustManager[] {trust()}, null);
        return context;
    }

    /** The certificate that a server of this machine shows now. */
    X509Certificate shownAt(int port) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = (SSLSocket) tls().getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /** The certificate of a server. */
    static X509Certificate of(Server server) throws IOException, CertificateException {
        try (InputStream file = Files.newInputStream(server.certificate())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
        }
    }
}
