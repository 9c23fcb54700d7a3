// The Android app. Everything but `app` is also built and tested by Maven, without an SDK: see pom.xml.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode = RepositoriesMode.FAIL_ON_PROJECT_REPOS
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "sanben"
include(":bindings", ":field", ":ui", ":app")
project(":bindings").projectDir = file("../bindings/kotlin")
