plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.kotlin.compose)
}

// Cheap phones of the last years, the emulator, and the old ones that are still handed down.
val machines = listOf("arm64-v8a", "armeabi-v7a", "x86_64")

android {
    namespace = "sanben.app"
    compileSdk = 36
    ndkVersion = "28.2.13676358"

    defaultConfig {
        applicationId = "sanben.app"
        minSdk = 26
        targetSdk = 36
        versionCode = 1
        versionName = "0.1.0"
        ndk { abiFilters += machines }
    }
    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "keep.pro")
        }
    }
    buildFeatures { compose = true }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    androidResources { localeFilters += listOf("zh-rCN", "en") }
    packaging {
        resources.excludes += "/META-INF/{AL2.0,LGPL2.1}"
        // Loaded from within the package, page by page: they are kept uncompressed.
        jniLibs.useLegacyPackaging = false
    }
    sourceSets["main"].jniLibs.directories.add(layout.buildDirectory.dir("core").get().asFile.path)
}

// NDK 28 links for 16 KB pages by itself; the argument says it for an older one too.
val core by tasks.registering(Exec::class) {
    group = "build"
    description = "Builds the core for each kind of phone with cargo-ndk."
    workingDir = rootDir.parentFile
    environment("ANDROID_NDK_HOME", android.sdkDirectory.resolve("ndk/${android.ndkVersion}"))
    environment("CARGO_ENCODED_RUSTFLAGS", "-Clink-arg=-Wl,-z,max-page-size=16384")
    val to = layout.buildDirectory.dir("core").get().asFile.path
    commandLine(
        listOf("cargo", "ndk", "--platform", "26", "--output-dir", to) + machines.flatMap { listOf("--target", it) } +
            listOf("build", "--profile", "phone", "--locked", "--package", "sanben-bindings", "--lib", "--features", "encrypted"),
    )
}
tasks.named("preBuild") { dependsOn(core) }

dependencies {
    implementation(project(":ui"))
    implementation(libs.activity.compose)
    implementation(libs.core)
    implementation(libs.work)
    implementation(libs.coroutines.android)
    implementation(variantOf(libs.jna) { artifactType("aar") })
}
