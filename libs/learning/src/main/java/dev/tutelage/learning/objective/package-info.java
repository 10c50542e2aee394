/** What training minimises: scalar losses over a batch, differentiable in the network's output. */
package dev.tutelage.learning.objective;
