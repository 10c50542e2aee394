package dev.tutelage.platform.service;

/** The two halves of a service. */
public enum ServiceRole {
    /** Folds facts into requests. */
    TRIGGER,
    /** Does what is requested. */
    WORKER
}
