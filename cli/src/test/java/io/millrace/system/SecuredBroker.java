package io.millrace.system;

import io.millrace.cli.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * An embedded broker that takes encrypted connections with a login only and permits what its access lists say. The
 * certificate is made for the test.
 *
 * <p>Thread-safe.
 */
final class SecuredBroker implements AutoCloseable {
    static final String ADMIN = "admin";
    static final String WORKER = "worker";
    static final String RUNNER = "runner";
    static final String STRANGER = "stranger";

    private static final String STORE_PASSWORD = "s3cret-of-the-store";

    private final Path folder;
    private final EmbeddedBroker broker;

    SecuredBroker(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        makeCertificate();
        Map<String, String> more = new HashMap<>();
        more.put("listener.security.protocol.map", "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT");
        more.put("sasl.enabled.mechanisms", "PLAIN");
        more.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        more.put("listener.name.plaintext.plain.sasl.jaas.config", users());
        stores(more);
        more.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        // Nobody is anonymous but the node itself, on the controller's port.
        more.put("super.users", "User:" + ADMIN + ";User:ANONYMOUS");
        broker = EmbeddedBroker.start(folder.resolve("kafka"), "127.0.0.1", 0, more);
    }

    static String password(String user) {
        return "s3cret-of-" + user;
    }

    String bootstrap() {
        return broker.bootstrap();
    }

    private static String users() {
        StringBuilder login = new StringBuilder("org.apache.kafka.common.security.plain.PlainLoginModule required");
        login.append(" username=\"")
                .append(ADMIN)
                .append("\" password=\"")
                .append(password(ADMIN))
                .append('"');
        for (String user : List.of(ADMIN, WORKER, RUNNER, STRANGER)) {
            login.append(" user_")
                    .append(user)
                    .append("=\"")
                    .append(password(user))
                    .append('"');
        }
        return login.append(';').toString();
    }

    private Path store() {
        return folder.resolve("broker.p12");
    }

    private void stores(Map<String, String> settings) {
        for (String store : List.of("keystore", "truststore")) {
            settings.put("ssl." + store + ".type", "PKCS12");
            settings.put("ssl." + store + ".location", store().toString());
            settings.put("ssl." + store + ".password", STORE_PASSWORD);
        }
    }

    /** Its own issuer, for this address. */
    private void makeCertificate() throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "broker",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=broker",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store().toString(),
                        "-storepass",
                        STORE_PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new AssertionError("keytool made no certificate: " + said);
        }
    }

    /** A user's {@code --kafka-config} file. */
    Path clientFile(String user, String password) throws IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("security.protocol", "SASL_SSL");
        settings.put("sasl.mechanism", "PLAIN");
        settings.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + password + "\";");
        settings.put("ssl.truststore.type", "PKCS12");
        settings.put("ssl.truststore.location", store().toString());
        settings.put("ssl.truststore.password", STORE_PASSWORD);
        List<String> lines = new ArrayList<>();
        settings.forEach((key, value) -> lines.add(key + "=" + value));
        return Files.write(Files.createTempFile(folder, user, ".properties"), lines);
    }

    Path clientFile(String user) throws IOException {
        return clientFile(user, password(user));
    }

    /** A right on everything whose name begins so. */
    static AclBinding right(String user, ResourceType type, String prefix, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, prefix, PatternType.PREFIXED),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    static void grant(Admin admin, Collection<AclBinding> rights) throws Exception {
        admin.createAcls(rights).all().get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        broker.close();
    }
}
