package dev.tutelage.cli.verify;

import com.google.protobuf.Message;
import dev.tutelage.platform.log.Place;

/** A fact of one kind, and where it is said. */
record Said<M extends Message>(M fact, Place place) {}
