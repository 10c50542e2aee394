package dev.tutelage.integration.settings;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Reads the interfaces of settings as they are written, by the compiler's own parser: names, types, defaults and bounds, and
 * what their Javadoc says of them, which no class file has. What it does not know, it refuses.
 */
public final class SettingsSource {

    private static final Pattern TAG = Pattern.compile("\\{@(?:link|code|value)\\s+#?([^}]*)}");

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("int", "integer"),
            Map.entry("long", "integer"),
            Map.entry("double", "number"),
            Map.entry("boolean", "`true` or `false`"),
            Map.entry("Duration", "duration"),
            Map.entry("MemorySize", "size"),
            Map.entry("URI", "URL"),
            Map.entry("Path", "path"),
            Map.entry("String", "text"),
            Map.entry("OptionalInt", "integer"),
            Map.entry("Optional<Path>", "path"),
            Map.entry("Optional<String>", "text"),
            Map.entry("Set<String>", "list"),
            Map.entry("Set<ServiceRole>", "list"));

    private final Path file;
    private final String module;
    private final CompilationUnitTree unit;
    private final DocTrees docs;

    private SettingsSource(Path file, String module, CompilationUnitTree unit, DocTrees docs) {
        this.file = file;
        this.module = module;
        this.unit = unit;
        this.docs = docs;
    }

    /** All interfaces below {@code libs} and {@code services} that declare settings, in the order of their paths. */
    public static List<SettingsGroup> all(Path project) throws IOException {
        List<SettingsGroup> groups = new ArrayList<>();
        for (String part : List.of("libs", "services")) {
            try (Stream<Path> files = Files.walk(project.resolve(part))) {
                for (Path file :
                        files.filter(SettingsSource::declaresSettings).sorted().toList()) {
                    groups.add(read(file, project.relativize(file).subpath(0, 2).toString()));
                }
            }
        }
        return groups;
    }

    private static boolean declaresSettings(Path file) {
        try {
            return file.toString().contains("/src/main/java/")
                    && file.toString().endsWith(".java")
                    && Files.readString(file).contains("@ConfigMapping(");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads one file.
     *
     * @throws IllegalArgumentException where it says something of a setting that is not understood, or nothing of what it is
     */
    static SettingsGroup read(Path file, String module) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(file));
            CompilationUnitTree unit = task.parse().iterator().next();
            return new SettingsSource(file, module, unit, DocTrees.instance(task)).group();
        }
    }

    private SettingsGroup group() {
        ClassTree settings = (ClassTree) unit.getTypeDecls().get(0);
        String prefix = annotations(settings.getModifiers().getAnnotations()).get("ConfigMapping");
        TreePath path = new TreePath(new TreePath(unit), settings);
        List<Setting> found = new ArrayList<>();
        add(path, prefix, found);
        return new SettingsGroup(
                settings.getSimpleName().toString(), prefix, module, meaning(path), List.copyOf(found));
    }

    private void add(TreePath path, String prefix, List<Setting> found) {
        List<? extends Tree> members = ((ClassTree) path.getLeaf()).getMembers();
        Map<String, ClassTree> nested = members.stream()
                .filter(ClassTree.class::isInstance)
                .map(ClassTree.class::cast)
                .collect(Collectors.toMap(each -> each.getSimpleName().toString(), each -> each));
        for (Tree member : members) {
            if (member instanceof MethodTree method) {
                String key = prefix + "."
                        + method.getName()
                                .toString()
                                .replaceAll("([A-Z])", "-$1")
                                .toLowerCase(Locale.ROOT);
                ClassTree inner = nested.get(method.getReturnType().toString());
                if (inner == null) {
                    found.add(setting(new TreePath(path, method), key));
                } else {
                    add(new TreePath(path, inner), key, found);
                }
            }
        }
    }

    private Setting setting(TreePath path, String key) {
        MethodTree method = (MethodTree) path.getLeaf();
        String type = method.getReturnType().toString();
        if (!TYPES.containsKey(type)) {
            throw new IllegalArgumentException(file + ": " + key + " has a type that the page cannot tell: " + type);
        }
        Map<String, String> said = annotations(method.getModifiers().getAnnotations());
        return new Setting(
                key,
                TYPES.get(type),
                Optional.ofNullable(said.get("WithDefault")),
                Stream.of(said.get("Min"), said.get("Max"))
                        .map(bound -> bound == null ? "" : bound)
                        .collect(Collectors.joining(" to "))
                        .replaceFirst("^ to $", "")
                        .replaceFirst("^ to (.+)", "at most $1")
                        .replaceFirst("(.+) to $", "at least $1"),
                meaning(path));
    }

    /** Their names, and the one value that each has. */
    private Map<String, String> annotations(List<? extends AnnotationTree> annotations) {
        Map<String, String> values = new LinkedHashMap<>();
        for (AnnotationTree annotation : annotations) {
            String name = annotation.getAnnotationType().toString();
            if (!Set.of("ConfigMapping", "WithDefault", "Min", "Max").contains(name)
                    || annotation.getArguments().size() != 1) {
                throw new IllegalArgumentException(file + ": the page cannot tell what " + annotation + " means");
            }
            ExpressionTree argument = annotation.getArguments().get(0);
            ExpressionTree value = argument instanceof AssignmentTree named ? named.getExpression() : argument;
            values.put(name, String.valueOf(((LiteralTree) value).getValue()));
        }
        return values;
    }

    private String meaning(TreePath path) {
        String javadoc = docs.getDocComment(path);
        if (javadoc == null) {
            throw new IllegalArgumentException(file + ": no Javadoc says what this is: "
                    + path.getLeaf().toString().strip());
        }
        String plain = javadoc.replaceAll("\\s+", " ").strip();
        return TAG.matcher(plain).replaceAll("`$1`").replace("|", "\\|");
    }
}
