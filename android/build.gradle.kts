plugins {
    alias(libs.plugins.android.application) apply false
    alias(libs.plugins.android.library) apply false
    alias(libs.plugins.kotlin.jvm) apply false
    alias(libs.plugins.kotlin.compose) apply false
}

// Maven builds the same sources into `target`.
allprojects { layout.buildDirectory = layout.projectDirectory.dir("build") }
