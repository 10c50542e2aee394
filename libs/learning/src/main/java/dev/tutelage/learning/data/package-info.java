/** Images and where they come from: WebDataset shards and IDX files, read without ever trusting their bytes. */
package dev.tutelage.learning.data;
