/** Of the images that a task learns from those that its student's encoder finds most alike to an image. */
package dev.tutelage.gateway.predict.nearest;
