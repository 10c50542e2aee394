package dev.tutelage.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.Tutelage;
import dev.tutelage.cli.doctor.Check.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    private static final long GIB = 1L << 30;

    @Test
    void aGoodMachineLacksNothing() {
        Host good = host(17, "Linux amd64", false, 16 * GIB, 100 * GIB, 65_536, true);
        assertThat(Doctor.examine(good)).allMatch(check -> check.verdict() == Verdict.OK);
    }

    @Test
    void whatIsLackingIsToldWithWhatToDo() {
        assertLacking(host(11, "Linux amd64", false, 16 * GIB, 100 * GIB, 65_536, true), "java", "JDK 17");
        assertLacking(host(17, "Windows 10 amd64", false, 16 * GIB, 100 * GIB, 65_536, true), "system", "Linux amd64");
        assertLacking(host(17, "Linux amd64", true, 16 * GIB, 100 * GIB, 65_536, true), "system", "glibc");
        assertLacking(host(17, "Linux amd64", false, 2 * GIB, 100 * GIB, 65_536, true), "memory", "4 GB");
        assertLacking(host(17, "Linux amd64", false, 16 * GIB, GIB / 2, 65_536, true), "disk", "--state");
        assertLacking(host(17, "Linux amd64", false, 16 * GIB, 100 * GIB, 65_536, false), "network", "sockets");
    }

    @Test
    void whatIsWeakIsNotLacking() {
        List<Check> checks = Doctor.examine(host(21, "Linux aarch64", false, 6 * GIB, 3 * GIB, 1_024, true));
        assertThat(checks).noneMatch(check -> check.verdict() == Verdict.LACKING);
        assertThat(checks)
                .filteredOn(check -> check.verdict() == Verdict.WEAK)
                .extracting(Check::name)
                .containsExactly("memory", "disk", "open files");
    }

    /** What is run by these tests is run by that machine. */
    @Test
    void thisMachineLacksNothing(@TempDir Path directory) {
        assertThat(Tutelage.commandLine()
                        .execute(
                                "doctor",
                                "--state",
                                directory.resolve("yet/to/be/made").toString()))
                .isZero();
        assertThat(Tutelage.commandLine().execute("doctor", "--json")).isZero();
    }

    private static void assertLacking(Host host, String name, String advice) {
        assertThat(Doctor.examine(host))
                .filteredOn(check -> check.verdict() == Verdict.LACKING)
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.name()).isEqualTo(name);
                    assertThat(check.advice()).contains(advice);
                });
    }

    private static Host host(
            int java, String system, boolean musl, long memory, long disk, long files, boolean loopback) {
        return new Host(java, system, musl, 2, memory, disk, Optional.of(files), loopback, true, true, false);
    }
}
