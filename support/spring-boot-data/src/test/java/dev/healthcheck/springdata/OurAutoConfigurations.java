package dev.healthcheck.springdata;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DeferredImportSelector;
import org.springframework.context.annotation.Import;
import org.springframework.core.type.AnnotationMetadata;

/** Imports classes by their names, as Spring Boot does, and not the classes, which would be loaded whatever is there. */
final class OurAutoConfigurations implements DeferredImportSelector {

    @Override
    public String[] selectImports(AnnotationMetadata metadata) {
        return ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates().stream()
                .filter(name -> name.startsWith("dev.healthcheck."))
                .toArray(String[]::new);
    }

    @Configuration(proxyBeanMethods = false)
    @Import(OurAutoConfigurations.class)
    static class Imported {}
}
