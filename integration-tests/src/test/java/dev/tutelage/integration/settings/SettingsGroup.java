package dev.tutelage.integration.settings;

import java.util.List;

/**
 * The settings that one interface declares.
 *
 * @param name of the interface
 * @param prefix of its keys
 * @param module where it is: {@code libs/platform}, {@code services/labeler}
 * @param meaning the first sentence of its Javadoc, in Markdown
 * @param settings in the order of the source
 */
public record SettingsGroup(String name, String prefix, String module, String meaning, List<Setting> settings) {}
