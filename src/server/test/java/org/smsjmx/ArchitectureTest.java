package org.smsjmx;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The import rule: each package imports only those that come after it. */
@AnalyzeClasses(packages = "org.smsjmx", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  private static final List<String> ORDER =
      List.of(
          "org.smsjmx.server..",
          "org.smsjmx.logging..",
          "org.smsjmx.config..",
          "org.smsjmx.cli..",
          "org.smsjmx.simulation..",
          "org.smsjmx.remote..",
          "org.smsjmx.application..",
          "org.smsjmx.management..",
          "org.smsjmx.audit..",
          "org.smsjmx.registry..",
          "org.smsjmx.topology..",
          "org.smsjmx.session.memory..",
          "org.smsjmx.session",
          "org.smsjmx.log..",
          "org.smsjmx.text..",
          "org.smsjmx.files..",
          "org.smsjmx.runtime..");

  @ArchTest
  static final ArchRule EVERY_CLASS_HAS_ITS_PLACE =
      classes().should().resideInAnyPackage(ORDER.toArray(String[]::new));

  @ArchTest
  static final ArchRule TEXT_IMPORTS_THE_JDK_ONLY =
      classes()
          .that()
          .resideInAPackage("org.smsjmx.text..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.smsjmx.text..", "java..", "org.jspecify..");

  /** Who uses a table does not care which one it is. */
  @ArchTest
  static final ArchRule ONLY_THE_WIRING_KNOWS_THE_ENGINE =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.smsjmx.server..", "org.smsjmx.application..", "org.smsjmx.session.memory..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.smsjmx.session.memory..");

  @ArchTest
  static final ArchRule SESSION_IMPORTS_THE_JDK_AND_TEXT_ONLY =
      classes()
          .that()
          .resideInAPackage("org.smsjmx.session..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.smsjmx.session..",
              "org.smsjmx.text..",
              "java..",
              "javax.crypto..",
              "org.jspecify..");

  /** The configuration is read while logging opens, when slf4j gives loggers that may never log. */
  @ArchTest
  static final ArchRule CONFIGURATION_DOES_NOT_LOG =
      noClasses()
          .that()
          .resideInAnyPackage("org.smsjmx.config..", "org.smsjmx.topology..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.slf4j..");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("org.smsjmx.(*)..").should().beFreeOfCycles();

  @ArchTest
  static void importsPointDown(JavaClasses classes) {
    for (int i = 1; i < ORDER.size(); i++) {
      noClasses()
          .that()
          .resideInAPackage(ORDER.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ORDER.subList(0, i).toArray(String[]::new))
          .allowEmptyShould(true)
          .check(classes);
    }
  }
}
