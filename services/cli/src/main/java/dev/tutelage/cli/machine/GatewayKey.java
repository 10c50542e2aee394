package dev.tutelage.cli.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tutelage.control.access.AccessKey;
import dev.tutelage.control.access.AccessRole;
import dev.tutelage.control.access.InvalidKeyFileException;
import dev.tutelage.control.access.KeyFile;
import dev.tutelage.control.access.KeyHolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The key with which whoever started a machine gets into its gateway. It is made once and kept in the state directory, where only
 * its owner may read it; the gateway is told its digest, as of all keys.
 *
 * @param keysFile what the gateway reads
 */
record GatewayKey(AccessKey key, Path keysFile) {
    /** Whose key it is. */
    private static final String NAME = "local";

    /** @throws MachineException if the file of keys is wrong */
    static GatewayKey of(Path state) throws MachineException, IOException {
        Path keysFile = state.resolve(StateDirectory.KEYS);
        AccessKey key = keptOrNew(state.resolve(LocalGateway.KEY));
        try {
            enter(new KeyFile(keysFile), key);
        } catch (InvalidKeyFileException e) {
            throw new MachineException(e.getMessage() + ". Correct it, or remove it to begin with new keys", e);
        }
        return new GatewayKey(key, keysFile);
    }

    private static AccessKey keptOrNew(Path file) throws IOException {
        if (Files.exists(file)) {
            return new AccessKey(Files.readString(file).strip());
        }
        AccessKey key = AccessKey.random();
        Path whole = Files.createTempFile(file.getParent(), ".gateway-key", "");
        KeyFile.makePrivate(whole);
        Files.writeString(whole, key.text() + "\n", UTF_8);
        Files.move(whole, file);
        return key;
    }

    private static void enter(KeyFile file, AccessKey key) throws InvalidKeyFileException, IOException {
        KeyHolder holder = new KeyHolder(NAME, AccessRole.ADMIN, key.digest());
        Optional<KeyHolder> known =
                file.holders().stream().filter(each -> each.name().equals(NAME)).findFirst();
        if (!known.equals(Optional.of(holder))) {
            file.revoke(NAME);
            file.add(holder);
        }
    }

    /** The console, with the key where browsers send it nowhere: behind the #. The page takes it from there. */
    URI login(int port) {
        return URI.create("http://127.0.0.1:" + port + "/login#" + key.text());
    }
}
