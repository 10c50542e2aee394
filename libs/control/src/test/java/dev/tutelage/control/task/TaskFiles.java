package dev.tutelage.control.task;

/** Task files as people write them. */
final class TaskFiles {
    /** Ends with its policies, so that lines which are indented by two belong to them. */
    static final String BIRDS = """
            task: birds
            classes: [wren, robin]
            image: {channels: 3, height: 32, width: 48}
            seed: 7
            recipes:
              pretrain: {preset: quick}
              fine-tune: {preset: quick}
              label: {preset: quick}
              distill: {preset: quick}
            policies:
              pretrain-min-images: 100
              fine-tune-min-labels: 10
              distill-min-images: 100
              evaluation-min-images: 20
              promotion-min-top1: 12.5
            """;

    private TaskFiles() {}
}
