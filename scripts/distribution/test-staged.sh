#!/usr/bin/env bash
# Deploys the artifacts into a folder, as a release does, checks what a repository such as Maven Central wants, and compiles and
# runs against them alone: a project of Maven with the BOM, and a snippet in jshell. Uses the classes that are built already.
# Changes nothing in ~/.m2: what is downloaded from the folder goes into a repository of its own in front of it.
# usage: scripts/distribution/test-staged.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    printf 'test-staged.sh: %s\n' "$*" >&2
    exit 1
}

# What Maven has downloaded before, but no artifacts of astropool that somebody has installed.
mkdir -p "$work/known/org"
for folder in "$HOME"/.m2/repository/* "$HOME"/.m2/repository/org/*; do
    case $folder in
        */repository/org | */repository/org/astropool) ;;
        */repository/org/*) ln -s "$folder" "$work/known/org/" ;;
        *) ln -s "$folder" "$work/known/" ;;
    esac
done

./mvnw -q -B -Prelease -Dmaven.main.skip -Djacoco.skip -Dspotless.check.skip -Dmdep.analyze.skip -DskipTests -pl .,bom,worker,runner \
    "-Dmaven.repo.local=$work/repository" "-Dmaven.repo.local.tail=$work/known" \
    deploy "-DaltDeploymentRepository=staging::file://$work/staging"
staged=$work/staging/org/astropool
for module in worker runner; do
    for kind in "[0-9].jar" -sources.jar -javadoc.jar -cyclonedx.json .pom; do
        compgen -G "$staged/astropool-$module/*/*$kind" >/dev/null || fail "no *$kind of astropool-$module is staged"
        compgen -G "$staged/astropool-$module/*/*$kind.sha1" >/dev/null || fail "no checksum of *$kind is staged"
    done
    unzip -p "$staged/astropool-$module"/*/*[0-9].jar META-INF/MANIFEST.MF |
        grep -q "^Automatic-Module-Name: org.astropool.$module" || fail "astropool-$module has no module name"
done
for element in name description url licenses developers scm; do
    grep -q "<$element>" "$staged"/astropool/*/*.pom || fail "the parent's descriptor has no <$element>"
done
version=$(sed -n 's/^  <version>\(.*\)<\/version>$/\1/p' pom.xml | head -n 1)

mkdir -p "$work/project/src/main/java/org/example"
cat >"$work/project/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.example</groupId>
  <artifactId>squares</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <repositories>
    <repository><id>staging</id><url>file://$work/staging</url></repository>
  </repositories>
  <dependencyManagement>
    <dependencies>
      <dependency>
        <groupId>org.astropool</groupId>
        <artifactId>astropool-bom</artifactId>
        <version>$version</version>
        <type>pom</type>
        <scope>import</scope>
      </dependency>
    </dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>org.astropool</groupId>
      <artifactId>astropool-runner</artifactId>
    </dependency>
  </dependencies>
  <build>
    <plugins>
$(for plugin in compiler resources jar surefire dependency; do
    printf '<plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-%s-plugin</artifactId><version>%s</version></plugin>\n' \
        "$plugin" "$(sed -n "s/.*<maven-$plugin-plugin.version>\(.*\)<.*/\1/p" pom.xml)"
done)
    </plugins>
  </build>
</project>
POM
cat >"$work/project/src/main/java/org/example/Squares.java" <<'JAVA'
package org.example;

import java.util.List;
import org.astropool.pool.Pool;

public final class Squares {
    public static void main(String[] arguments) throws Exception {
        Pool.run(arguments, pool -> pool.map(Squares::square, List.of(1, 2, 3)))
                .ifPresent(squares -> System.out.println("squares " + squares));
    }

    static int square(int x) {
        return x * x;
    }
}
JAVA
./mvnw -q -B -f "$work/project/pom.xml" "-Dmaven.repo.local=$work/downloads" "-Dmaven.repo.local.tail=$work/known" \
    -Daether.enhancedLocalRepository.trackingFilename=none compile dependency:build-classpath "-Dmdep.outputFile=$work/classpath"
[[ $(<"$work/classpath") == *"$work/downloads/org/astropool/astropool-runner/"* ]] ||
    fail "the project does not use the staged artifacts: $(<"$work/classpath")"
java -cp "$work/project/target/classes:$(<"$work/classpath")" org.example.Squares | tee "$work/output"
grep -qx 'squares \[1, 4, 9\]' "$work/output" || fail "the project gives another result"
printf '%s\n' 'import org.astropool.pool.*;' 'System.out.println("class " + Pool.class.getName());' /exit |
    jshell -s --class-path "$(<"$work/classpath")" - | tee "$work/output"
grep -q 'class org.astropool.pool.Pool' "$work/output" || fail "jshell does not find the pool"
echo "the staged artifacts can be used"
