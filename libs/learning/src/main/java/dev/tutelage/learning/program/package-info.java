/** Programs around the library, for people: none is part of a service. */
package dev.tutelage.learning.program;
