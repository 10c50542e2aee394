package dev.tutelage.integration;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** Dependencies point one way; see docs/architecture.md. */
class DependencyDirectionTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages("dev.tutelage");

    @Test
    void modulesDependOnlyOnThoseBelowThem() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("proto")
                .definedBy("dev.tutelage.event..")
                .layer("platform")
                .definedBy("dev.tutelage.platform..")
                .layer("learning")
                .definedBy("dev.tutelage.learning..")
                .layer("stages")
                .definedBy("dev.tutelage.stages..")
                .layer("control")
                .definedBy("dev.tutelage.control..")
                .layer("services")
                .definedBy(
                        "dev.tutelage.pretrainer..",
                        "dev.tutelage.finetuner..",
                        "dev.tutelage.labeler..",
                        "dev.tutelage.student..",
                        "dev.tutelage.gateway..")
                .layer("cli")
                .definedBy("dev.tutelage.cli..")
                .layer("integration")
                .definedBy("dev.tutelage.integration..")
                .whereLayer("proto")
                .mayOnlyBeAccessedByLayers("platform", "stages", "control", "services", "cli", "integration")
                .whereLayer("platform")
                .mayOnlyBeAccessedByLayers("stages", "control", "services", "cli", "integration")
                .whereLayer("learning")
                .mayOnlyBeAccessedByLayers("stages", "control", "services", "cli", "integration")
                .whereLayer("stages")
                .mayOnlyBeAccessedByLayers("services", "integration")
                .whereLayer("control")
                .mayOnlyBeAccessedByLayers("services", "cli", "integration")
                .whereLayer("services")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("cli")
                .mayOnlyBeAccessedByLayers("integration")
                .check(CLASSES);
    }

    @Test
    void learningKnowsNoFrameworkNoKafkaAndNoS3() {
        noClasses()
                .that()
                .resideInAPackage("dev.tutelage.learning..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..", "org.apache.kafka..", "io.minio..", "io.smallrye..")
                .check(CLASSES);
    }

    @Test
    void protoKnowsOnlyProtobuf() {
        noClasses()
                .that()
                .resideInAPackage("dev.tutelage.event..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("dev.tutelage.event..", "com.google.protobuf..", "java..")
                .check(CLASSES);
    }

    /** Why is told in {@code dev.tutelage.learning.objective.Constant}. */
    @Test
    void whatIsDifferentiatedUsesNoNumbersOutsideOfPyTorchsMemory() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.tutelage.learning.objective..", "dev.tutelage.learning.model..")
                .should()
                .callMethodWhere(describe(
                        "a tensor is combined with a Number",
                        call -> call.getTargetOwner().isAssignableTo(NDArray.class)
                                && call.getTarget().getRawParameterTypes().stream()
                                        .anyMatch(type -> type.isEquivalentTo(Number.class))))
                .check(CLASSES);
    }
}
