/**
 * The Open Inference Protocol (version 2 of KServe's and Triton's) over HTTP, with its binary tensor data extension: a task is
 * a model, a checkpoint a version of it.
 */
package dev.tutelage.gateway.predict.v2;
