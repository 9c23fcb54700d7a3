// For the Android app; on a plain JVM pom.xml does the same. `../generate` comes first.
plugins {
    alias(libs.plugins.kotlin.jvm)
}

kotlin {
    jvmToolchain(17)
    sourceSets.main { kotlin.srcDirs("src/main/kotlin", "target/generated-sources/uniffi") }
}

dependencies {
    api(libs.coroutines)
    // The app brings the archive with JNA's libraries for Android.
    compileOnly(libs.jna)
}
