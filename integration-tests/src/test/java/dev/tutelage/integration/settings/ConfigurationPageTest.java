package dev.tutelage.integration.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps docs/configuration.md what the code says. {@code -Dtutelage.write-docs=true} writes the page anew. */
class ConfigurationPageTest {
    private static final Path PROJECT =
            Path.of(System.getProperty("tutelage.home", "..")).toAbsolutePath().normalize();
    private static final Path PAGE = PROJECT.resolve("docs/configuration.md");

    @Test
    void thePageSaysWhatTheSettingsAre() throws Exception {
        String page = new ConfigurationPage(PROJECT).text();
        if (Boolean.getBoolean("tutelage.write-docs")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("mvn -pl integration-tests -am test -Dtest=ConfigurationPageTest -Dtutelage.write-docs=true"
                        + " -Dsurefire.failIfNoSpecifiedTests=false writes it")
                .isEqualTo(page);
    }

    @Test
    void aSettingIsReadAsItIsDeclared(@TempDir Path directory) throws Exception {
        SettingsGroup group = SettingsSource.read(source(directory, """
                /** How {@code boats} go. */
                @ConfigMapping(prefix = "tutelage.boats")
                public interface BoatSettings {
                    /** The sails:
                     * one | more. */
                    Sails sails();

                    interface Sails {
                        /** How many. */
                        @WithDefault("2")
                        @Min(1)
                        @Max(1_000)
                        int topSails();

                        /** Their colour. */
                        Optional<String> colour();
                    }

                    /** Crew. */
                    @WithDefault("3")
                    @Min(0)
                    int crew();
                }
                """), "services/boats");
        assertThat(group.meaning()).isEqualTo("How `boats` go.");
        assertThat(group.settings())
                .extracting(
                        Setting::key,
                        Setting::variable,
                        Setting::type,
                        setting -> setting.initial().orElse("none"),
                        Setting::bounds,
                        Setting::meaning)
                .containsExactly(
                        row(
                                "tutelage.boats.sails.top-sails",
                                "TUTELAGE_BOATS_SAILS_TOP_SAILS",
                                "2",
                                "1 to 1000",
                                "How many."),
                        row("tutelage.boats.sails.colour", "TUTELAGE_BOATS_SAILS_COLOUR", "none", "", "Their colour."),
                        row("tutelage.boats.crew", "TUTELAGE_BOATS_CREW", "3", "at least 0", "Crew."));
    }

    private static Tuple row(String key, String variable, String initial, String bounds, String meaning) {
        return Tuple.tuple(key, variable, initial.equals("none") ? "text" : "integer", initial, bounds, meaning);
    }

    @Test
    void whatThePageCannotTellIsAnError(@TempDir Path directory) throws Exception {
        Path silent = source(directory, """
                /** Boats. */
                @ConfigMapping(prefix = "tutelage.boats")
                public interface BoatSettings {
                    int crew();
                }
                """);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingsSource.read(silent, "services/boats"))
                .withMessageContaining("no Javadoc");
        Path strange = source(directory, """
                /** Boats. */
                @ConfigMapping(prefix = "tutelage.boats")
                public interface BoatSettings {
                    /** Crew. */
                    @Positive(1)
                    int crew();
                }
                """);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingsSource.read(strange, "services/boats"))
                .withMessageContaining("@Positive");
    }

    @Test
    void everyInterfaceOfSettingsIsFoundAndNoKeyIsDeclaredTwice() throws Exception {
        List<SettingsGroup> groups = SettingsSource.all(PROJECT);
        assertThat(groups)
                .extracting(SettingsGroup::name)
                .contains("ServiceSettings", "LabelerSettings", "StoredSettings");
        assertThat(groups)
                .flatExtracting(SettingsGroup::settings)
                .extracting(Setting::key)
                .doesNotHaveDuplicates();
    }

    private static Path source(Path directory, String text) throws Exception {
        return Files.writeString(directory.resolve("BoatSettings.java"), text);
    }
}
