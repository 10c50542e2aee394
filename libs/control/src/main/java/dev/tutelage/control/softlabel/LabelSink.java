package dev.tutelage.control.softlabel;

import dev.tutelage.event.v1.ShardAdded;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Where soft labels are written to. */
public interface LabelSink extends Closeable {

    /**
     * Writes labels of a shard's images.
     *
     * @param teacher digest of the checkpoint that they are by
     */
    void add(ShardAdded shard, String teacher, List<SoftLabel> labels) throws IOException;
}
