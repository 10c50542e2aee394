/** Programs that measure speed; each prints one number. Never part of a service. */
package dev.tutelage.learning.benchmark;
