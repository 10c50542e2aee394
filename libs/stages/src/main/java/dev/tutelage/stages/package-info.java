/** Where learning meets the platform: what the workers of the four services need of both. */
package dev.tutelage.stages;
