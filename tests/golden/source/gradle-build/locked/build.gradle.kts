buildscript { 
    dependencies {
        classpath 'com.example:plugin:1.0'
    }
}
dependencies {
    // implementation "com.example:commented:1"
    implementation "com.example:core:1.2.3"
    api("com.example:api:2.0@aar")
    debugImplementation 'com.example:debug:3.+'
    testImplementation "com.example:test:$version"
    compileOnly "com.example:given"
    implementation project(":lib")
    implementation platform("com.example:bom:1")
    implementation libs.other
    kapt "com.example:processor:4.0"
    therapi "com.example:no:1"
    description "a:b:c"
}
