package dev.tutelage.control.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    @TempDir
    private Path directory;

    private KeyFile file() {
        return new KeyFile(directory.resolve("new").resolve("keys"));
    }

    @Test
    void aNewKeyIsInTheFileAsItsDigestOnlyAndNobodyElseMayReadIt() throws Exception {
        AccessKey key = file().create("camera-7", AccessRole.OPERATOR);

        assertThat(file().holders())
                .containsExactly(new KeyHolder("camera-7", AccessRole.OPERATOR, key.digest()))
                .allMatch(holder -> holder.has(key.digest()));
        Path path = directory.resolve("new/keys");
        assertThat(Files.readString(path)).doesNotContain(key.text()).doesNotContain("ttl_");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(directory.resolve("new").toFile().list()).containsExactly("keys");
    }

    @Test
    void aKeyIs256RandomBitsAndItsDigestIsThatOfItsText() {
        assertThat(AccessKey.random().text()).matches("ttl_[A-Za-z0-9_-]{43}");
        assertThat(AccessKey.random()).isNotEqualTo(AccessKey.random());
        // printf 'ttl_x' | sha256sum
        assertThat(new AccessKey("ttl_x").digest())
                .isEqualTo("d457e868e4d3ee14e3e9e5624b42b1e61b7a1529319e02c7d15c43276de18689");
        assertThat(new AccessKey("ttl_x").toString()).isEqualTo("ttl_...");
    }

    @Test
    void revokingRemovesThatKeyAloneAndLeavesRemarks() throws Exception {
        file().create("a", AccessRole.VIEWER);
        file().create("ab", AccessRole.ADMIN);
        Path path = directory.resolve("new/keys");
        Files.writeString(path, "# a remark\n\n" + Files.readString(path));

        assertThat(file().revoke("a")).isTrue();
        assertThat(file().revoke("a")).isFalse();

        assertThat(file().holders()).extracting(KeyHolder::name).containsExactly("ab");
        assertThat(Files.readString(path)).startsWith("# a remark\n\nab admin ");
    }

    @Test
    void aNameIsTakenOnce() throws Exception {
        file().create("a", AccessRole.VIEWER);

        assertThatExceptionOfType(InvalidKeyFileException.class)
                .isThrownBy(() -> file().create("a", AccessRole.ADMIN))
                .withMessageContaining("has a key named a already");
        assertThatIllegalArgumentException().isThrownBy(() -> file().create("a b", AccessRole.ADMIN));
        assertThatIllegalArgumentException().isThrownBy(() -> file().create("#a", AccessRole.ADMIN));
    }

    @Test
    void aWrongLineIsToldByItsNumberAndNotRepeated() {
        String digest = new AccessKey("ttl_x").digest();
        wrong("a viewer", "line 1", "there are 2 fields");
        wrong("\n# x\na boss " + digest, "line 3", "roles are viewer, annotator, operator, admin");
        wrong("a admin ttl_secret", "line 1", "no SHA-256").hasMessageNotContaining("secret");
        wrong("a admin " + digest + "\na viewer " + digest, "line 2", "a key named a already");
    }

    private static AbstractThrowableAssert<?, ?> wrong(String text, String... parts) {
        return assertThatThrownBy(() -> KeyFile.parse("f", text))
                .isInstanceOf(InvalidKeyFileException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void eachRoleIncludesThoseBeforeIt() {
        List<AccessRole> roles = List.of(AccessRole.values());
        assertThat(roles)
                .containsExactly(AccessRole.VIEWER, AccessRole.ANNOTATOR, AccessRole.OPERATOR, AccessRole.ADMIN);
        assertThat(AccessRole.OPERATOR.includes(AccessRole.ANNOTATOR)).isTrue();
        assertThat(AccessRole.OPERATOR.includes(AccessRole.OPERATOR)).isTrue();
        assertThat(AccessRole.OPERATOR.includes(AccessRole.ADMIN)).isFalse();
        assertThat(AccessRole.named("Admin")).contains(AccessRole.ADMIN);
        assertThat(AccessRole.named("root")).isEmpty();
    }
}
