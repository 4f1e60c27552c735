package dev.healthcheck.testkit;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The cycles among the classes of a module: groups of classes of which each depends on each other, directly or not. A
 * nested class counts as the top-level class around it.
 */
public final class ClassCycles {
    private ClassCycles() {}

    /** Returns an importer that reads the given classes only: to resolve those of the JDK takes seconds. */
    public static ClassFileImporter importer() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter();
    }

    /** Returns the cycles in the jar or directory of {@code member}, the largest first, each as simple names in order. */
    public static List<List<String>> around(Class<?> member) {
        Map<String, Set<String>> uses = uses(importer()
                .importUrl(member.getProtectionDomain().getCodeSource().getLocation()));
        Map<String, Set<String>> reached = new TreeMap<>();
        uses.keySet().forEach(name -> reached.put(name, reachedFrom(name, uses)));
        return reached.keySet().stream()
                .map(name -> cycleOf(name, reached))
                .filter(cycle -> cycle.size() > 1)
                .distinct()
                .sorted(Comparator.comparingInt((Collection<String> cycle) -> -cycle.size()))
                .map(cycle -> cycle.stream()
                        .map(name -> name.substring(name.lastIndexOf('.') + 1))
                        .toList())
                .toList();
    }

    private static Map<String, Set<String>> uses(Collection<JavaClass> classes) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass each : classes) {
            Set<String> used = uses.computeIfAbsent(topLevel(each), name -> new TreeSet<>());
            for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                used.add(topLevel(dependency.getTargetClass()));
            }
        }
        uses.values().forEach(used -> used.retainAll(uses.keySet()));
        return uses;
    }

    private static String topLevel(JavaClass nested) {
        String name = nested.getBaseComponentType().getName();
        int end = name.indexOf('$');
        return end < 0 ? name : name.substring(0, end);
    }

    private static Set<String> reachedFrom(String start, Map<String, Set<String>> uses) {
        Set<String> reached = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(uses.get(start));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (reached.add(next)) {
                open.addAll(uses.get(next));
            }
        }
        return reached;
    }

    /** Returns the classes that {@code name} reaches and that reach it. */
    private static Set<String> cycleOf(String name, Map<String, Set<String>> reached) {
        Set<String> cycle = new TreeSet<>(reached.get(name));
        cycle.removeIf(other -> !reached.get(other).contains(name));
        cycle.add(name);
        return cycle;
    }
}
