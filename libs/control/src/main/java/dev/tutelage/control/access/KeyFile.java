package dev.tutelage.control.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that a gateway knows, as a file: lines of {@code name role sha256}, in which empty ones and those that begin with
 * {@code #} say nothing. It holds no key itself. A file that is written here is replaced as a whole, and only its owner may
 * read it.
 */
public final class KeyFile {
    private static final String PRIVATE = "rw-------";

    private final Path path;

    public KeyFile(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /**
     * Who has a key; nobody, where there is no file.
     *
     * @throws InvalidKeyFileException if it cannot be read, or a line is wrong
     */
    public List<KeyHolder> holders() throws InvalidKeyFileException {
        return Files.exists(path) ? parse(path.toString(), text()) : List.of();
    }

    private String text() throws InvalidKeyFileException {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private InvalidKeyFileException unreadable(IOException e) {
        String why = e instanceof FileSystemException ? e.toString() : "it is no text in UTF-8";
        return new InvalidKeyFileException("Keys file " + path + " cannot be read: " + why, e);
    }

    /**
     * What a file says.
     *
     * @param source what the text is called in messages
     * @throws InvalidKeyFileException if a line is wrong
     */
    public static List<KeyHolder> parse(String source, String text) throws InvalidKeyFileException {
        List<KeyHolder> holders = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                String where = "Keys file " + source + ", line " + (i + 1) + ": ";
                KeyHolder holder = holder(where, line);
                if (!names.add(holder.name())) {
                    throw new InvalidKeyFileException(
                            where + "there is a key named " + holder.name() + " already; take another name");
                }
                holders.add(holder);
            }
        }
        return List.copyOf(holders);
    }

    private static KeyHolder holder(String where, String line) throws InvalidKeyFileException {
        // The line itself is not told: it may hold a key where a digest belongs.
        String[] fields = line.split("\\s+", -1);
        if (fields.length != 3) {
            throw new InvalidKeyFileException(
                    where + "there are " + fields.length + " fields; a line is NAME ROLE SHA256, divided by spaces");
        }
        Optional<AccessRole> role = AccessRole.named(fields[1]);
        if (role.isEmpty()) {
            throw new InvalidKeyFileException(
                    where + "the second field is no role; roles are viewer, annotator, operator, admin");
        }
        try {
            return new KeyHolder(fields[0], role.get(), fields[2]);
        } catch (IllegalArgumentException e) {
            throw new InvalidKeyFileException(where + e.getMessage(), e);
        }
    }

    /**
     * Adds a new key.
     *
     * @return the key, which is told nowhere else
     * @throws IllegalArgumentException if the name is malformed
     * @throws InvalidKeyFileException if the name is taken, or the file is wrong already
     */
    public AccessKey create(String name, AccessRole role) throws InvalidKeyFileException, IOException {
        AccessKey key = AccessKey.random();
        add(new KeyHolder(name, role, key.digest()));
        return key;
    }

    /**
     * Adds who has a key.
     *
     * @throws InvalidKeyFileException if the name is taken, or the file is wrong already
     */
    public void add(KeyHolder holder) throws InvalidKeyFileException, IOException {
        if (holders().stream().anyMatch(known -> known.name().equals(holder.name()))) {
            throw new InvalidKeyFileException("Keys file " + path + " has a key named " + holder.name()
                    + " already: take another name, or revoke that one first");
        }
        List<String> lines = new ArrayList<>(lines());
        lines.add(holder.line());
        write(lines);
    }

    /**
     * Removes a key.
     *
     * @return whether there was one of that name
     */
    public boolean revoke(String name) throws InvalidKeyFileException, IOException {
        boolean known = holders().stream().anyMatch(holder -> holder.name().equals(name));
        if (known) {
            write(lines().stream()
                    .filter(line -> !line.strip().split("\\s+", -1)[0].equals(name))
                    .toList());
        }
        return known;
    }

    private List<String> lines() throws InvalidKeyFileException {
        return Files.exists(path) ? text().lines().toList() : List.of();
    }

    private void write(List<String> lines) throws IOException {
        Path parent = path.getParent();
        Files.createDirectories(parent);
        Path whole = Files.createTempFile(parent, ".keys", "");
        try {
            makePrivate(whole);
            Files.writeString(whole, String.join("\n", lines) + "\n", UTF_8);
            Files.move(whole, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** Lets only its owner read and write a file, where the file system knows of such things. */
    public static void makePrivate(Path file) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(PRIVATE));
        }
    }
}
