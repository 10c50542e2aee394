package dev.tutelage.platform.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {

    /** The example of FIPS 180-2. */
    @Test
    void bytesHaveTheirSha256() {
        assertThat(Digest.of("abc".getBytes(UTF_8)))
                .hasToString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "../../../../etc/passwd"})
    void nothingElseIsADigest(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Digest(text))
                .withMessageContaining("'" + text + "' is no SHA-256 digest");
        assertThatIllegalArgumentException().isThrownBy(() -> new Digest("A".repeat(64)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Digest("a".repeat(65)));
    }
}
