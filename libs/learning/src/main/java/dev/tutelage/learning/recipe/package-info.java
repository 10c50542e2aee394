/**
 * Recipes: everything that decides what a stage of the method does, as validated records with presets and a canonical
 * JSON form. The same recipe on the same images and weights gives the same result.
 */
package dev.tutelage.learning.recipe;
