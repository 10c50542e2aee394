package dev.tutelage.gateway.upload;

import dev.tutelage.event.v1.Split;

/** Which shards an image may go into. */
record Target(String task, Split split, boolean labeled) {}
