package dev.tutelage.gateway.security;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The pages for those who are not known yet. They tell nothing of the system. */
@CheckedTemplate(basePath = "security")
final class LoginPages {
    private LoginPages() {}

    static native TemplateInstance login(String next, String problem);

    static native TemplateInstance refused(String title, String detail);
}
