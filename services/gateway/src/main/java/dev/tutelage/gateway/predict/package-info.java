/** The student of each task answers what an image shows: over JSON, and over the Open Inference Protocol. */
package dev.tutelage.gateway.predict;
