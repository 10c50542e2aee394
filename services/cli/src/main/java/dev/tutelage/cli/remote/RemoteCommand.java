package dev.tutelage.cli.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tutelage.cli.IndentedJson;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.MachineException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that asks a gateway, and prints the answer for people or for programs. */
abstract class RemoteCommand implements Callable<Integer> {
    @Mixin
    private Server server;

    @Option(names = "--json", description = "Prints JSON instead of text: the gateway's own")
    private boolean json;

    private final Terminal terminal = Terminal.standard();

    /**
     * What there is to say.
     *
     * @param json for programs
     * @param lines for people
     */
    record Said(List<JsonNode> json, List<String> lines) {}

    abstract Said ask(GatewayClient gateway) throws GatewayException, InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
        try {
            Said said = ask(server.client());
            if (json) {
                terminal.say(IndentedJson.of(said.json()));
            } else {
                said.lines().forEach(terminal::say);
            }
            return 0;
        } catch (GatewayException | MachineException e) {
            terminal.fail(e.getMessage());
            return 1;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was read as JSON can be written as such", e);
        }
    }
}
