/** File formats other tools can read: safetensors weights, ONNX models, and checkpoints made of both. */
package dev.tutelage.learning.format;
