package io.millrace.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * The rules of the tree, see ARCHITECTURE.md: a package is pure and named after the domain, or an adapter and named after
 * its technology.
 */
@AnalyzeClasses(packages = "io.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
class TreeTest {
    private static final String[] PURE = {
        "io.millrace.job",
        "io.millrace.producer.plan",
        "io.millrace.producer.ledger",
        "io.millrace.producer.report",
        "io.millrace.producer.score",
        "io.millrace.producer.pretokenize",
        "io.millrace.producer.view",
        "io.millrace.worker.schedule",
        "io.millrace.worker.chat",
        "io.millrace.worker.delivery"
    };

    @ArchTest
    static final ArchRule purePackagesKnowTheDomainAlone = classes()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(PURE)
                    .or(resideInAnyPackage(
                            "java.lang..",
                            "java.util..",
                            "java.math",
                            "java.time..",
                            "java.security..",
                            "java.nio",
                            "java.nio.charset"))
                    .or(type(ByteArrayOutputStream.class))
                    .or(type(IOException.class)));

    @ArchTest
    static final ArchRule jobsKnowNothingElse = classes()
            .that()
            .resideInAPackage("io.millrace.job")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.millrace.job");

    @ArchTest
    static final ArchRule kafkaStaysInItsAdapters = only(
            "org.apache.kafka..",
            "io.millrace.kafka",
            "io.millrace.producer.kafka",
            "io.millrace.worker.kafka",
            "io.millrace.cli.broker");

    @ArchTest
    static final ArchRule vertxStaysInTheShells =
            only("io.vertx..", "io.millrace.worker.http", "io.millrace.worker.app", "io.millrace.cli.http");

    @ArchTest
    static final ArchRule terminalsAreDrawnInOnePlace = only("org.jline..", "io.millrace.cli.terminal");

    @ArchTest
    static final ArchRule nativeCodeStaysInTheEngine =
            only("org.bytedeco..", "io.millrace.worker.llama", "io.millrace.llamacpp..");

    @ArchTest
    static final ArchRule headersOfModelsAreReadWithTheJdkAlone = classes()
            .that()
            .resideInAPackage("io.millrace.worker.gguf")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.millrace.worker.gguf");

    @ArchTest
    static final ArchRule llamaBindingsStayInTheEngine =
            only("io.millrace.llamacpp..", "io.millrace.worker.llama", "io.millrace.llamacpp..");

    @ArchTest
    static final ArchRule tracesStayInTheirAdapters =
            only("io.opentelemetry..", "io.millrace.otel", "io.millrace.producer.otel", "io.millrace.worker.otel");

    @ArchTest
    static final ArchRule jsonIsReadWhereBytesComeIn = only(
            "com.fasterxml.jackson..",
            "io.millrace.wire",
            "io.millrace.producer.files",
            "io.millrace.producer.dataset",
            "io.millrace.producer.export",
            "io.millrace.producer.sweep",
            "io.millrace.producer.jsonschema",
            "io.millrace.producer.report.json",
            "io.millrace.producer.report.html",
            "io.millrace.producer.megatron",
            "io.millrace.worker.remote",
            "io.millrace.worker.llama",
            "io.millrace.worker.otel",
            "io.millrace.testing",
            "io.millrace.cli");

    @ArchTest
    static final ArchRule sqlStaysInDatasetsAndExports =
            only("java.sql..", "io.millrace.producer.dataset", "io.millrace.producer.export");

    @ArchTest
    static final ArchRule commandLinesAreParsedInTheCommand = only("picocli..", "io.millrace.cli..");

    @ArchTest
    static final ArchRule yamlStaysInConfigurations =
            only("com.fasterxml.jackson.dataformat..", "io.millrace.producer.sweep", "io.millrace.cli");

    @ArchTest
    static final ArchRule schemasAreValidatedInOnePlace = only("com.networknt..", "io.millrace.producer.jsonschema");

    /** Datasets, exports and sweeps stand on the files package, which knows none of them. */
    @ArchTest
    static final ArchRule theProducersAdaptersDoNotKnowEachOther = slices().matching(
                    "io.millrace.producer.(dataset|export|files|kafka|megatron|otel|report|sweep|jsonschema|sandbox)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    resideInAnyPackage(
                            "io.millrace.producer.dataset",
                            "io.millrace.producer.export",
                            "io.millrace.producer.report.json",
                            "io.millrace.producer.sweep"),
                    resideInAnyPackage("io.millrace.producer.files"));

    @ArchTest
    static final ArchRule theWorkersAdaptersDoNotKnowEachOther = slices().matching(
                    "io.millrace.worker.(kafka|http|llama|otel|remote)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule theCommandsAdaptersDoNotKnowEachOther = slices().matching(
                    "io.millrace.cli.(broker|http|local|terminal|watch)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule theWorkerAndTheProducerDoNotKnowEachOther =
            independent("io.millrace.producer..", "io.millrace.worker..");

    @ArchTest
    static final ArchRule nobodyKnowsTheShells = noClasses()
            .that()
            .resideOutsideOfPackages("io.millrace.cli..", "io.millrace.worker.app")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.millrace.cli..", "io.millrace.worker.app");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.millrace.(**)").should().beFreeOfCycles();

    private static ArchRule only(String technology, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(technology);
    }

    private static ArchRule independent(String one, String other) {
        return noClasses()
                .that()
                .resideInAPackage(one)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(other)
                .because("only the command and the worker's shell wire adapters");
    }
}
