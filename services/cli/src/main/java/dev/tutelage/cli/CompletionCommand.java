package dev.tutelage.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete command lines. */
@Command(
        name = "completion",
        description = "Prints a script with which a shell completes commands, options and their values.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  source <(tutelage completion bash)", "  source <(tutelage completion zsh)"})
public final class CompletionCommand implements Callable<Integer> {
    /** The shells that there is a script for. */
    enum Shell {
        BASH,
        ZSH
    }

    /** What makes zsh understand completions that are written for bash. */
    private static final String FOR_ZSH = """
            autoload -Uz compinit && (( ${+functions[compdef]} )) || compinit -u
            autoload -Uz bashcompinit && bashcompinit
            """;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() {
        String script = AutoComplete.bash(spec.root().name(), spec.root().commandLine());
        terminal.say(shell == Shell.ZSH ? FOR_ZSH + script : script);
        return 0;
    }
}
