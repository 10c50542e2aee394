/** Images and where they come from: shards, and the formats that data sets come in, read without ever trusting their bytes. */
package dev.tutelage.learning.data;
