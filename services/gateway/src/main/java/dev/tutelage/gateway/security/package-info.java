/**
 * Who may do what: one table of methods and paths ({@link dev.tutelage.gateway.security.Access}), which a policy applies to
 * every request before it reaches what answers it. Resources know nothing of it.
 */
package dev.tutelage.gateway.security;
