/** Networks and stores that misbehave on purpose, between the processes of one machine. */
package dev.tutelage.cli.network;
