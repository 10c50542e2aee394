package dev.tutelage.cli.topic;

import picocli.CommandLine.Command;

/** The topics of a cluster that is not one of ours. */
@Command(
        name = "topics",
        description = "Topics of a Kafka cluster of one's own. tutelage up and demo have theirs already.",
        mixinStandardHelpOptions = true,
        subcommands = {CreateTopicsCommand.class, TopicManifestCommand.class, UserManifestCommand.class})
public final class TopicsCommand {}
