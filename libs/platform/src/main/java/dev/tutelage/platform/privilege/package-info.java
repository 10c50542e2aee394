/** What each service may touch on Kafka and in the store: the one place that says it, of which ACLs and policies are made. */
package dev.tutelage.platform.privilege;
